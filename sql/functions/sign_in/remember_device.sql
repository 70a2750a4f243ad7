-- Called by app as installation.
create function fn.remember_device(
    _session_hash bytea, _device_hash bytea, _browser text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.add_known_device(fn.session_person(_session_hash, _now), _device_hash, _browser, _now);
end;
$$;

comment on function fn.remember_device is 'Makes the browser in which a person has just signed in one of their known devices.';
