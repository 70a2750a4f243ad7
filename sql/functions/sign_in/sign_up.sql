-- Called by app as installation.
create function fn.sign_up(
    _email text, _token_hash bytea, _url text, _signup text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _address text := fn.check_email(_email);
    _id uuid;
    _verified_at timestamptz;
begin
    if not fn.may_sign_up(_signup) then
        raise exception 'Sign-ups are closed.'
            using errcode = 'FB403', hint = 'Ask the operator of this installation for an invitation.';
    end if;
    insert into public.person (id, email, created_at) values (fn.uuid_v7(_now), _address, _now)
    on conflict (lower(email)) do nothing;
    select p.id, p.verified_at into _id, _verified_at from public.person as p where lower(p.email) = _address;
    if _verified_at is null then
        perform fn.send_link(_id, 'verify', _address, _token_hash, _url, _now);
    else
        perform fn.enqueue_mail(_address, 'already_registered', _now => _now);
    end if;
end;
$$;

comment on function fn.sign_up is
'Mails a link to sign up, or a notice to an address that has signed up, without telling the caller which. FB422 for an invalid
address, FB403 where sign-up is off.';
