-- Called by app as installation.
create function fn.request_person_deletion(_session_hash bytea, _now timestamptz default now()) returns timestamptz
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.confirmed_person(_session_hash, _now);
    _at timestamptz := _now + interval '14 days';
    _email text;
begin
    if fn.owned_accounts(_id) is not null then
        raise exception 'You own %.', fn.owned_accounts(_id)
            using errcode = 'FB409', hint = 'Transfer or delete these accounts first.';
    end if;
    if fn.is_last_operator(_id) then
        raise exception 'You are the only operator of this installation.'
            using errcode = 'FB409', hint = 'Add another one first: feelback operator EMAIL';
    end if;
    update public.person as p set deletion_at = _at, deletion_notified_at = null
    where p.id = _id and p.deletion_at is null
    returning p.email into _email;
    if _email is null then
        raise exception 'You have requested your deletion already.' using errcode = 'FB409';
    end if;
    perform fn.enqueue_mail(_email, 'person_deletion', jsonb_build_object('until', fn.mail_time(_at)), _now => _now);
    return _at;
end;
$$;

comment on function fn.request_person_deletion is
'Requests the deletion of the signed-in person in 14 days, with a fresh confirmation. Returns when. They may sign in until then.
FB409 for owners of an account and the only operator.';
