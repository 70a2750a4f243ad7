create function fn.use_invitation(
    _token_hash bytea, _person_id uuid, _session_hash bytea, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _account_id uuid := fn.directory_account('invitation', _token_hash);
    _used record;
begin
    delete from public.invitation as i
    using public.person as p
    where i.account_id = _account_id and i.token_hash = _token_hash and i.expires_at > _now and p.id = _person_id
        and lower(p.email) = lower(i.email)
    returning i.account_id, i.email, i.role into _used;
    if not found then
        raise exception 'This invitation has expired, or it was used or revoked.'
            using errcode = 'FB404', hint = 'Ask for a new invitation.';
    end if;
    insert into public.member (account_id, person_id, role, created_at)
    values (_used.account_id, _person_id, _used.role, _now)
    on conflict (account_id, person_id) do nothing;
    perform fn.switch_account(_session_hash, _used.account_id, _now);
    perform fn.add_audit_entry(
        _used.account_id, 'member.joined', _used.email, jsonb_build_object('role', _used.role),
        _person_id => _person_id, _now => _now
    );
end;
$$;

comment on function fn.use_invitation is
'Uses an invitation: adds the person to the account and switches their session to it. FB404 for an invitation of another
address, a used, revoked or expired one.';
