create function fn.confirmed_actor(_session_hash bytea, _now timestamptz default now()) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.confirmed_person(_session_hash, _now);
begin
    if _id is distinct from fn.actor_person() then
        raise exception 'This session belongs to somebody else.' using errcode = 'FB403', hint = 'Sign in again.';
    end if;
    return _id;
end;
$$;

comment on function fn.confirmed_actor is
'The person who is the actor of this transaction, if their session was confirmed within 10 minutes; otherwise FB401 or FB403.
Required, after fn.allow, for what is dangerous to an account.';
