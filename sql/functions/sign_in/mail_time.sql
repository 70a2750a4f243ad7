create function fn.mail_time(_at timestamptz) returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return to_char(_at at time zone 'UTC', 'FMDD Mon YYYY, HH24:MI "UTC"');
end;
$$;

comment on function fn.mail_time is 'A time as mails show it: 3 Aug 2026, 12:00 UTC.';
