create function fn.is_change(_now bigint, _before bigint) returns boolean
language sql immutable parallel safe
return abs(_now - _before) > 1.96 * sqrt(_now + _before);

comment on function fn.is_change is
'Whether two counts over the same time differ by more than chance: by more than 1.96 · √(now + before), which happens to one in
twenty pairs of counts of the same rate. Null where one is null.';
