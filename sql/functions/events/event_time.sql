create function fn.event_time(_at timestamptz) returns text
language sql immutable parallel safe
return to_char(_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

comment on function fn.event_time is 'A time in UTC as payloads have it, such as 2026-08-03T14:30:00.000Z.';
