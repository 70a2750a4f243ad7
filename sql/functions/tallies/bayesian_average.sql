create function fn.bayesian_average(_sum double precision, _count bigint, _low double precision, _high double precision)
returns double precision
language sql immutable parallel safe
return case when _count > 0 then (_sum + 5 * (_low + _high) / 2) / (_count + 5) end;

comment on function fn.bayesian_average is
'The ranking score of ratings, on their own scale: (C·m + sum) / (C + n) with m the middle of the scale and C = 5, as if five
neutral ratings had come before the first; null for none. The posterior mean of a Dirichlet prior, as in E. Miller, Ranking
Items With Star Ratings (2014). A page with a single 5 of 5 gets 3.33, one with 95 fives of 100 stays near 5.';
