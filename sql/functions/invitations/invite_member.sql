-- Called by app as account.
create function fn.invite_member(
    _account_id uuid, _email text, _role text, _token_hash bytea, _url text, _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _address text;
    _id uuid;
begin
    perform fn.allow(_account_id, 'admin');
    _address := fn.check_email(_email);
    if coalesce(_role, '') not in ('admin', 'editor', 'viewer') then
        raise exception 'The role must be admin, editor or viewer.' using errcode = 'FB422';
    end if;
    perform from public.account as a where a.id = _account_id for no key update;
    if exists (
        select 1 from public.member as m join public.person as p on p.id = m.person_id
        where m.account_id = _account_id and lower(p.email) = _address
    ) then
        raise exception '% is a member already.', _address using errcode = 'FB409', hint = 'Change their role in the list.';
    end if;
    if (select count(*) from public.invitation as i where i.account_id = _account_id) >= 100 then
        raise exception '100 invitations are open, which is the limit.'
            using errcode = 'FB409', hint = 'Revoke some first.';
    end if;
    perform fn.check_plan(_account_id, 'members');
    insert into public.invitation (account_id, id, email, role, invited_by, token_hash, created_at, expires_at)
    values (
        _account_id, fn.uuid_v7(_now), _address, _role, fn.actor_person(), _token_hash, _now, _now + interval '7 days'
    )
    on conflict (account_id, lower(email)) do nothing
    returning id into _id;
    if _id is null then
        raise exception '% has been invited already.', _address
            using errcode = 'FB409', hint = 'Send the invitation again, or revoke it first.';
    end if;
    perform fn.mail_invitation(_account_id, _id, _url, _now);
    perform fn.add_audit_entry(_account_id, 'invitation.sent', _address, jsonb_build_object('role', _role), _now => _now);
    return _id;
end;
$$;

comment on function fn.invite_member is
'Mails an invitation into an account, with a link that is valid once and for 7 days; _token_hash is the SHA-256 of the token in
_url. FB422 for an invalid address or role, FB409 for members, invited people and more than 100 invitations, FB402 where the
plan has no room.';
