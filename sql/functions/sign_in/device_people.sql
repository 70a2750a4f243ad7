-- Called by app as installation.
create function fn.device_people(_device_hash bytea) returns table (person_id uuid, email text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.id, lower(p.email)
    from public.known_device as k
    join public.person as p on p.id = k.person_id
    where k.device_hash = _device_hash
    order by k.last_seen_at desc
    limit 20;
end;
$$;

comment on function fn.device_people is 'The people who have signed in on a device that they have not removed, at most 20.';
