create function fn.mean_interval(
    _sum double precision, _squares double precision, _count bigint, _low double precision, _high double precision
) returns double precision[]
language sql immutable parallel safe
-- One expression, however long: the planner makes it a part of the caller's statement instead of calling it for each row.
return case when _count > 0 and _sum is not null then array[
    greatest(_low, (_sum + 2 * _low + 2 * _high) / (_count + 4) - 1.96 * sqrt(greatest(
        (_squares + 2 * _low * _low + 2 * _high * _high) / (_count + 4)
        - (_sum + 2 * _low + 2 * _high) / (_count + 4) * ((_sum + 2 * _low + 2 * _high) / (_count + 4)), 0
    ) / (_count + 4))),
    least(_high, (_sum + 2 * _low + 2 * _high) / (_count + 4) + 1.96 * sqrt(greatest(
        (_squares + 2 * _low * _low + 2 * _high * _high) / (_count + 4)
        - (_sum + 2 * _low + 2 * _high) / (_count + 4) * ((_sum + 2 * _low + 2 * _high) / (_count + 4)), 0
    ) / (_count + 4)))
] end;

comment on function fn.mean_interval is
'The 95 % interval for a mean of values from _low to _high, of their sum and the sum of their squares: {low, high}; null for
none. As if two of the lowest and two of the highest value had come first, which is the interval of Agresti and Coull, Approximate
is Better than "Exact" (1998), where there are no values between. Five 5s of 1 to 5 give 3.02 to 5.';
