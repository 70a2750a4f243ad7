create function fn.day_start(_day date, _zone text) returns timestamptz
language sql immutable parallel safe
return case
    -- Where clocks go back at midnight, 00:00 comes twice, and Postgres takes the second.
    when ((_day::timestamp at time zone _zone - interval '1 hour') at time zone _zone)::date = _day
        then _day::timestamp at time zone _zone - interval '1 hour'
    else _day::timestamp at time zone _zone
end;

comment on function fn.day_start is 'When a day begins in a zone.';
