create function fn.full_hour(_now timestamptz) returns timestamptz
language sql immutable parallel safe
return date_trunc('hour', _now - interval '2 minutes', 'UTC');

comment on function fn.full_hour is
'The last full hour, two minutes after it: until then responses of the hour before may still be committed.';
