create function fn.period_start(_unit text, _day date) returns date
language sql immutable parallel safe
return date_trunc(_unit, _day::timestamp)::date;

comment on function fn.period_start is 'The first day of the week (ISO 8601, Monday), month or year of a day.';
