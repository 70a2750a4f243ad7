-- Called by app as installation.
create function fn.person_devices(_session_hash bytea, _device_hash bytea, _now timestamptz default now())
returns table (id uuid, browser text, created_at timestamptz, last_seen_at timestamptz, is_this boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _person_id uuid := fn.session_person(_session_hash, _now);
begin
    return query
    select k.id, k.browser, k.created_at, k.last_seen_at, coalesce(k.device_hash = _device_hash, false)
    from public.known_device as k
    where k.person_id = _person_id
    order by coalesce(k.device_hash = _device_hash, false) desc, k.last_seen_at desc, k.id;
end;
$$;

comment on function fn.person_devices is 'Known devices of a session''s person: this one first, then by last sign-in.';
