create function fn.mean_interval(
    _sum double precision, _squares double precision, _count bigint, _low double precision, _high double precision
) returns double precision[]
language sql immutable parallel safe
return (
    select case when _count > 0 and _sum is not null then array[greatest(_low, m.mean - m.margin), least(_high, m.mean + m.margin)] end
    from (
        select n.mean, 1.96 * sqrt(greatest(n.squares - n.mean * n.mean, 0) / (_count + 4)) as margin
        from (
            select
                (_sum + 2 * _low + 2 * _high) / (_count + 4) as mean,
                (_squares + 2 * _low * _low + 2 * _high * _high) / (_count + 4) as squares
        ) as n
    ) as m
);

comment on function fn.mean_interval is
'The 95 % interval for a mean of values from _low to _high, of their sum and the sum of their squares: {low, high}; null for
none. As if two of the lowest and two of the highest value had come first, which is the interval of Agresti and Coull, Approximate
is Better than "Exact" (1998), where there are no values between. Five 5s of 1 to 5 give 3.02 to 5.';
