-- Called by app as installation.
create function fn.person_sessions(_session_hash bytea, _now timestamptz default now())
returns table (id uuid, browser text, created_at timestamptz, last_seen_at timestamptz, is_this boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _id uuid := fn.session_person(_session_hash, _now);
begin
    return query
    select s.id, s.browser, s.created_at, s.last_seen_at, s.token_hash = _session_hash
    from public.session as s
    where s.person_id = _id and s.expires_at > _now
    order by s.token_hash = _session_hash desc, s.last_seen_at desc, s.id;
end;
$$;

comment on function fn.person_sessions is 'Sessions of a session''s person: this one first, then by last use.';
