drop index if exists response_bigrams_idx;
