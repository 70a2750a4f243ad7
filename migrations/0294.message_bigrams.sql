-- The pairs of characters of what a visitor wrote, by which a search finds a text that few messages have, or none. The account is
-- one of them, so that a search reads no other's messages. They must be the same as in message_bigrams.
-- Of the partitions that exist, each gets its index afterwards, one after the other, while responses are stored
-- (app/database/partition_indexes.py).
-- squawk-ignore require-concurrent-index-creation
create index response_bigrams_idx on only response using gin (
    (
        (
            string_to_array(
                regexp_replace(
                    lower(
                        coalesce(body, '') || coalesce(E'\n' || fields::text, '') || coalesce(E'\n' || contact, '')
                        || coalesce(E'\n' || (context ->> '$user'), '')
                    ),
                    case
                        when lower(
                            coalesce(body, '') || coalesce(E'\n' || fields::text, '') || coalesce(E'\n' || contact, '')
                            || coalesce(E'\n' || (context ->> '$user'), '')
                        ) ~ '[\u2E80-\U0003FFFF]' then '[^\u2E80-\U0003FFFF]{2}|.'
                        else '..'
                    end,
                    '\& ', 'g'
                ),
                ' '
            )
            || account_id::text
        ) collate "C"
    )
) where body is not null or fields is not null;
