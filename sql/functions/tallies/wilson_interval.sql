create function fn.wilson_interval(_positive bigint, _total bigint) returns double precision[]
language sql immutable parallel safe
return case when _total > 0 then array[
    fn.wilson_lower_bound(_positive, _total), 1 - fn.wilson_lower_bound(_total - _positive, _total)
] end;

comment on function fn.wilson_interval is
'The 95 % interval for a share, from fn.wilson_lower_bound: {low, high} from 0 to 1; null for none. 3 of 4 gives 0.30 to 0.95.';
