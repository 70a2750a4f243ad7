create function fn.compound_score(_weighted double precision[], _totals bigint[]) returns double precision
language sql immutable parallel safe
return (
    select sum(ln(1 + n) * w / (n + 10)) / nullif(sum(ln(1 + n)), 0)
    from unnest(_weighted, _totals) as s (w, n)
    where n > 0 and w is not null
);

comment on function fn.compound_score is
'One score from -1 to 1 across widgets of several types: Σ ln(1 + nᵢ) · wᵢ / (nᵢ + 10) / Σ ln(1 + nᵢ), where widget i has nᵢ
responses whose options'' weights add up to wᵢ (null for a widget without sentiment: likes, messages, forms). Each widget''s
mean weight is drawn to 0 as if ten neutral responses had come first (a Bayesian mean, so that 3 of 3, 0.23, does not outrank 95
of 100, 0.82); widgets count by the logarithm of their volume, so that a vote''s thousands do not outweigh a rating''s dozens.
Null without any sentiment.';
