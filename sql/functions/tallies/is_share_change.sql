create function fn.is_share_change(_positive bigint, _total bigint, _positive_before bigint, _total_before bigint)
returns boolean
language sql immutable parallel safe
return (
    select abs(s.now - s.before)
        > 1.96 * sqrt(s.now * (1 - s.now) / (_total + 2) + s.before * (1 - s.before) / (_total_before + 2))
    from (
        select (_positive + 1) / (_total + 2)::double precision as now,
            (_positive_before + 1) / (_total_before + 2)::double precision as before
    ) as s
    where _total > 0 and _total_before > 0
);

comment on function fn.is_share_change is
'Whether two shares differ by more than chance: whether the 95 % interval of their difference leaves out 0. As if one positive and
one other response had come first on each side: A. Agresti, B. Caffo, Simple and Effective Confidence Intervals (2000). Null where
one side has no responses.';
