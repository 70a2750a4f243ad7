create function fn.mean_difference(
    _sum double precision, _squares double precision, _count bigint,
    _sum_before double precision, _squares_before double precision, _count_before bigint,
    _low double precision, _high double precision
) returns double precision[]
language sql immutable parallel safe
return (
    select array[d.difference - 1.6449 * d.error, d.difference + 1.6449 * d.error, fn.normal_cdf(d.difference / d.error)]
    from (
        -- As in fn.mean_interval: two of the lowest and two of the highest value come first. So no variance is 0.
        select k.mean[1] - k.mean[2] as difference,
            sqrt(
                (k.square[1] - k.mean[1] * k.mean[1]) / (_count + 4)
                + (k.square[2] - k.mean[2] * k.mean[2]) / (_count_before + 4)
            ) as error
        from (
            select array[
                (_sum + 2 * _low + 2 * _high) / (_count + 4), (_sum_before + 2 * _low + 2 * _high) / (_count_before + 4)
            ] as mean, array[
                (_squares + 2 * _low * _low + 2 * _high * _high) / (_count + 4),
                (_squares_before + 2 * _low * _low + 2 * _high * _high) / (_count_before + 4)
            ] as square
        ) as k
    ) as d
    where _count > 0 and _count_before > 0 and d.error > 0
);

comment on function fn.mean_difference is
'How much higher a mean of values from _low to _high is than it was before: the 90 % interval of the difference and the probability
that it is above 0, {low, high, probability}; null where one side has none. The interval leaves out 0 where the chance of a wrong
call is below 5 %. As in fn.mean_interval.';
