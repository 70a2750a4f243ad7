create function fn.add_known_device(_person_id uuid, _device_hash bytea, _browser text, _now timestamptz) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.known_device (person_id, device_hash, browser, created_at, last_seen_at)
    values (_person_id, _device_hash, _browser, _now, _now)
    on conflict (person_id, device_hash) do update set browser = excluded.browser, last_seen_at = excluded.last_seen_at;
    delete from public.known_device as k
    where k.person_id = _person_id and k.device_hash in (
        select o.device_hash from public.known_device as o
        where o.person_id = _person_id
        order by o.last_seen_at desc, o.device_hash
        offset 20
    );
end;
$$;

comment on function fn.add_known_device is 'Adds a known device of a person, or records its use; of more than 20 the least recent go.';
