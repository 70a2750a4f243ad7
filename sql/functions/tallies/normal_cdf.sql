create function fn.normal_cdf(_z double precision) returns double precision
language sql immutable parallel safe
return (
    -- Half of the complementary error function of |z| / √2.
    select case when _z > 0 then 1 - s.tail else s.tail end
    from (
        select 0.5 * e.t * exp(
            -e.x * e.x - 1.26551223 + e.t * (1.00002368 + e.t * (0.37409196 + e.t * (0.09678418 + e.t * (-0.18628806
                + e.t * (0.27886807 + e.t * (-1.13520398 + e.t * (1.48851587 + e.t * (-0.82215223
                + e.t * 0.17087277))))))))
        ) as tail
        from (
            -- exp() of less is an error, and the tail none that counts.
            select d.x, 1 / (1 + d.x / 2) as t from (select least(abs(_z), 30) / 1.4142135623730951 as x) as d
        ) as e
    ) as s
);

comment on function fn.normal_cdf is
'The share of a standard normal distribution below _z, to 7 digits: W. H. Press et al., Numerical Recipes in C (1992), 6.2.';
