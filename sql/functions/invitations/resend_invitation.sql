-- Called by app as account.
create function fn.resend_invitation(
    _account_id uuid, _id uuid, _token_hash bytea, _url text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _email text;
begin
    perform fn.allow(_account_id, 'admin');
    update public.invitation as i
    set token_hash = _token_hash, expires_at = _now + interval '7 days', invited_by = fn.actor_person()
    where i.account_id = _account_id and i.id = _id
    returning i.email into _email;
    if _email is null then
        raise exception 'There is no such invitation.' using errcode = 'FB404', hint = 'It was accepted or revoked.';
    end if;
    perform fn.mail_invitation(_account_id, _id, _url, _now);
    perform fn.add_audit_entry(_account_id, 'invitation.resent', _email, _now => _now);
end;
$$;

comment on function fn.resend_invitation is
'Mails an invitation again with a new link for 7 days; the old link becomes invalid. FB404.';
