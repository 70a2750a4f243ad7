create function fn.actor_person() returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := nullif(current_setting('feelback.person_id', true), '')::uuid;
begin
    if _id is null or nullif(current_setting('feelback.api_key_id', true), '') is not null then
        raise exception 'Only a person can do this, not an API key.' using errcode = 'FB403', hint = 'Sign in to the panel.';
    end if;
    return _id;
end;
$$;

comment on function fn.actor_person is 'The person who is the actor of this transaction; FB403 for an API key or nobody.';
