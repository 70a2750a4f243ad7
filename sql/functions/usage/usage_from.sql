create function fn.usage_from(_now timestamptz) returns date
language sql immutable parallel safe
return date_trunc('month', _now at time zone 'UTC' - interval '1 day')::date;

comment on function fn.usage_from is
'The first day of the first month to which responses may still be added: days are those of the projects'' zones, and some of last
month''s have responses to come after it is over in UTC.';
