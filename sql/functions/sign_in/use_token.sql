create function fn.use_token(_token_hash bytea, _purpose text, _now timestamptz default now())
returns table (person_id uuid, email text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _used record;
begin
    delete from public.token as t
    where t.token_hash = _token_hash and t.purpose = _purpose and t.expires_at > _now
    returning t.person_id, t.email into _used;
    if not found then
        raise exception 'This link has expired or was used already.'
            using errcode = 'FB404', hint = 'Request a new one.';
    end if;
    delete from public.token as t where t.person_id = _used.person_id and t.purpose = _purpose;
    return query select _used.person_id, _used.email;
end;
$$;

comment on function fn.use_token is
'Uses a token, and invalidates the person''s others of that purpose; returns the person and the address it verifies. FB404 for
an unknown, used or expired token, or one for another purpose.';
