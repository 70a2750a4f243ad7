-- Called by panel as installation.
create function fn.confirmed_person(_session_hash bytea, _now timestamptz default now()) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.session_person(_session_hash, _now);
begin
    if not exists (
        select 1 from public.session as s
        where s.token_hash = _session_hash and s.confirmed_at > _now - interval '10 minutes'
    ) then
        raise exception 'Confirm first that it is you.'
            using errcode = 'FB403', hint = 'A confirmation is valid for 10 minutes.';
    end if;
    return _id;
end;
$$;

comment on function fn.confirmed_person is
'The signed-in person, if their session was confirmed within 10 minutes; otherwise FB401 or FB403. Required for dangerous
actions.';
