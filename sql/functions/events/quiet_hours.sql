create function fn.quiet_hours(_destination public.destination, _zone text, _at timestamptz) returns tstzrange
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _local timestamp := _at at time zone _zone;
    -- Quiet hours may pass midnight: hours are counted from when they begin.
    _passed integer := mod(extract(hour from _local)::integer - _destination.quiet_from + 24, 24);
    _hours integer := mod(_destination.quiet_until - _destination.quiet_from + 24, 24);
    _begin timestamp := date_trunc('hour', _local) - make_interval(hours => _passed);
begin
    if _passed < _hours then
        return tstzrange(_begin at time zone _zone, (_begin + make_interval(hours => _hours)) at time zone _zone);
    end if;
    return null;
end;
$$;

comment on function fn.quiet_hours is
'The quiet hours of a destination in the zone that a time is in; null outside of them.';
