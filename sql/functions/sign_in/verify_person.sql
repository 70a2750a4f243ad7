-- Called by app as installation.
create function fn.verify_person(
    _token_hash bytea, _name text, _password_hash text, _signup text,
    _session_hash bytea, _old_session_hash bytea, _browser text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid;
begin
    -- Only one of two concurrent first people becomes the owner.
    perform pg_advisory_xact_lock(hashtext('fn.default_account'));
    if not fn.may_sign_up(_signup) then
        raise exception 'Sign-ups are closed.'
            using errcode = 'FB403', hint = 'Ask the operator of this installation for an invitation.';
    end if;
    select u.person_id into _id from fn.use_token(_token_hash, 'verify', _now) as u;
    update public.person set verified_at = _now, password_hash = _password_hash where id = _id and verified_at is null;
    if not found then
        raise exception 'You have signed up already.' using errcode = 'FB409', hint = 'Sign in.';
    end if;
    perform fn.open_account(_id, _name, _now);
    perform fn.create_session(_id, _session_hash, _old_session_hash, _now, _browser);
end;
$$;

comment on function fn.verify_person is
'Uses a link to sign up: verifies the address, creates an account that the person owns, and signs in. FB404 for an invalid link,
FB403 where sign-up is off.';
