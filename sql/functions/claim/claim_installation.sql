-- Called by app as installation.
create function fn.claim_installation(
    _email text, _name text, _password_hash text, _session_hash bytea, _old_session_hash bytea, _browser text,
    _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _address text := fn.check_email(_email);
    _id uuid;
begin
    perform fn.check_account_name(_name);
    -- Of two that claim it at once, the second waits here and is refused.
    perform from public.installation for update;
    if not fn.is_fresh() then
        raise exception 'This installation has been claimed already.' using errcode = 'FB409', hint = 'Sign in.';
    end if;
    insert into public.person (id, email, password_hash, created_at, verified_at)
    values (fn.uuid_v7(_now), _address, _password_hash, _now, _now)
    on conflict (lower(email)) do update set password_hash = _password_hash, verified_at = coalesce(person.verified_at, _now)
    returning id into _id;
    -- Whatever was begun with this address before its owner showed the secret ends.
    delete from public.session as s where s.person_id = _id;
    delete from public.token as t where t.person_id = _id;
    perform fn.delete_totp(_id);
    perform fn.make_operator(_id, _now);
    perform fn.open_account(_id, _name, _now);
    perform fn.add_person_entries(_id, 'installation.claimed', _by_id => _id, _now => _now);
    perform fn.create_session(_id, _session_hash, _old_session_hash, _now, _browser);
end;
$$;

comment on function fn.claim_installation is
'Claims the installation, for who has shown its secret: signs a person up as its operator, with an account, and signs them in.
FB409 for one that is claimed or the demo''s address, FB422 for an invalid address or name.';
