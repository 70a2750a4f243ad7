-- Called by app as installation.
create function fn.sign_up_by_invitation(
    _token_hash bytea, _password_hash text, _signup text,
    _session_hash bytea, _old_session_hash bytea, _browser text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _email text;
    _id uuid;
begin
    if _signup = 'closed' or fn.is_fresh() then
        raise exception 'Sign-ups are closed.' using errcode = 'FB403', hint = 'Ask the operator of this installation.';
    end if;
    select lower(i.email) into _email from fn.invitation(_token_hash, _now) as i;
    if _email is not null then
        -- Also for people who requested a link to sign up and did not use it.
        insert into public.person (id, email, password_hash, created_at, verified_at)
        values (fn.uuid_v7(_now), _email, _password_hash, _now, _now)
        on conflict (lower(email)) do update set password_hash = _password_hash, verified_at = _now
        where person.verified_at is null
        returning id into _id;
        if _id is null then
            raise exception 'You have signed up already.' using errcode = 'FB409', hint = 'Sign in, then open the link again.';
        end if;
        delete from public.token as t where t.person_id = _id;
        perform fn.create_session(_id, _session_hash, _old_session_hash, _now, _browser);
    end if;
    perform fn.use_invitation(_token_hash, _id, _session_hash, _now);
end;
$$;

comment on function fn.sign_up_by_invitation is
'Signs up by a mailed invitation, joins the account and signs in. FB403 where SIGNUP (_signup) is closed or the installation is not claimed, FB404 for an invalid
link, FB409 for an address that has signed up.';
