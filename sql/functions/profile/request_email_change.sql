-- Called by app as installation.
create function fn.request_email_change(
    _session_hash bytea, _email text, _token_hash bytea, _url text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.confirmed_person(_session_hash, _now);
    _address text := fn.check_email(_email);
begin
    if exists (select 1 from public.person as p where lower(p.email) = _address and p.verified_at is not null) then
        perform fn.enqueue_mail(_address, 'already_registered', _now => _now);
    else
        perform fn.send_link(_id, 'email_change', _address, _token_hash, _url, _now);
    end if;
end;
$$;

comment on function fn.request_email_change is
'Mails a link that changes the person''s address to the new one; an address in use is mailed a notice instead, without telling
the caller. FB403 without a fresh confirmation.';
