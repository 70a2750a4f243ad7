create function fn.after_quiet_hours(_destination public.destination, _zone text, _at timestamptz) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(upper(fn.quiet_hours(_destination, _zone, _at)), _at);
end;
$$;

comment on function fn.after_quiet_hours is 'A time, or the end of the quiet hours of a destination that it is in.';
