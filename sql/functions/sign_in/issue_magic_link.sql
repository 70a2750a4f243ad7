-- Called by owner as caller.
create function fn.issue_magic_link(
    _email text, _token_hash bytea, _create boolean, _delete_totp boolean, _now timestamptz default now()
) returns timestamptz
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _address text := fn.check_email(_email);
    _id uuid;
begin
    if _create then
        insert into public.person (id, email, created_at) values (fn.uuid_v7(_now), _address, _now)
        on conflict (lower(email)) do nothing;
    end if;
    select p.id into _id from public.person as p
    where lower(p.email) = _address and (_create or p.verified_at is not null);
    if _id is null then
        raise exception 'No one has signed up as %.', _address
            using errcode = 'FB404', hint = 'Add --create to sign them up.';
    end if;
    update public.person set verified_at = _now where id = _id and verified_at is null;
    if found then
        if fn.is_fresh() then
            perform fn.make_operator(_id, _now);
        end if;
        perform fn.open_account(_id, split_part(_address, '@', 1), _now);
    end if;
    if _delete_totp then
        perform fn.delete_totp(_id);
    end if;
    return fn.create_token(_id, 'magic_link', _address, _token_hash, _now);
end;
$$;

comment on function fn.issue_magic_link is
'Issues a link to sign in with, for the operator and without mail; returns its expiry. _create signs the person up first,
who becomes the operator of an installation that nobody has claimed; _delete_totp deletes their authenticator app.';
