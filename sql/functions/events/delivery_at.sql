create function fn.delivery_at(_destination public.destination, _zone text, _now timestamptz) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _at timestamptz := fn.digest_at(_destination.pace, _destination.hour, _zone, _now);
    _local timestamp := _at at time zone _zone;
    -- Quiet hours may pass midnight: hours are counted from when they begin.
    _passed integer := mod(extract(hour from _local)::integer - _destination.quiet_from + 24, 24);
    _hours integer := mod(_destination.quiet_until - _destination.quiet_from + 24, 24);
begin
    if _passed < _hours then
        return (date_trunc('hour', _local) + make_interval(hours => _hours - _passed)) at time zone _zone;
    end if;
    return _at;
end;
$$;

comment on function fn.delivery_at is
'When an event of now is sent to a destination: by its pace (fn.digest_at), and after its quiet hours in the zone.';
