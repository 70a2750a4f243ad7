-- Called by app as installation.
create function fn.request_confirmation_code(
    _session_hash bytea, _code_hash bytea, _code text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.session_person(_session_hash, _now);
    _email text;
begin
    select p.email into _email from public.person as p where p.id = _id and p.totp_salt is null;
    if _email is null then
        raise exception 'Confirm with your authenticator app.' using errcode = 'FB403';
    end if;
    update public.session as s set code_hash = _code_hash, code_expires_at = _now + interval '10 minutes'
    where s.token_hash = _session_hash;
    perform fn.enqueue_mail(
        _email, 'confirmation_code', jsonb_build_object('code', _code),
        _give_up_at => _now + interval '10 minutes', _now => _now
    );
end;
$$;

comment on function fn.request_confirmation_code is
'Mails a code that confirms this session for 10 minutes; an earlier one becomes invalid. FB403 for people with an authenticator
app.';
