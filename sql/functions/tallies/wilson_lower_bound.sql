create function fn.wilson_lower_bound(_positive bigint, _total bigint) returns double precision
language sql immutable parallel safe
return case when _total > 0 then (
    (_positive + 1.9208) / _total
    - 1.96 * sqrt(_positive::double precision * (_total - _positive) / _total + 0.9604) / _total
) / (1 + 3.8416 / _total) end;

comment on function fn.wilson_lower_bound is
'The ranking score of votes, 0 to 1: the lower end of the 95 % interval for the share of positive ones; null for none.
With z = 1.96, p = positive / n: (p + z²/2n − z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). E. B. Wilson, Probable Inference,
the Law of Succession, and Statistical Inference, JASA 22 (1927), 209–212. 95 of 100 gives 0.888, 3 of 3 gives 0.438.';
