create function fn.delivery_at(_destination public.destination, _zone text, _now timestamptz) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return fn.after_quiet_hours(_destination, _zone, fn.digest_at(_destination.pace, _destination.hour, _zone, _now));
end;
$$;

comment on function fn.delivery_at is
'When an event of now is sent to a destination: by its pace (fn.digest_at), and after its quiet hours in the zone.';
