-- Called by app as installation.
create function fn.request_link(
    _email text, _purpose text, _token_hash bytea, _url text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _address text := fn.check_email(_email);
    _person record;
begin
    if _purpose not in ('magic_link', 'reset') then
        raise exception 'There is no link with the purpose %.', _purpose using errcode = 'FB422';
    end if;
    select p.id, p.verified_at into _person from public.person as p where lower(p.email) = _address;
    if found then
        perform fn.send_link(
            _person.id, case when _person.verified_at is null then 'verify' else _purpose end,
            _address, _token_hash, _url, _now
        );
    end if;
end;
$$;

comment on function fn.request_link is
'Mails a link to sign in (magic_link) or set a password (reset) to a person of that address, or a link to verify it, without
telling the caller which.';
