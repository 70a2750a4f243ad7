-- Called by app as account.
create function fn.revoke_invitation(_account_id uuid, _id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _email text;
begin
    perform fn.allow(_account_id, 'admin');
    delete from public.invitation as i where i.account_id = _account_id and i.id = _id returning i.email into _email;
    if _email is null then
        raise exception 'There is no such invitation.' using errcode = 'FB404', hint = 'It was accepted or revoked.';
    end if;
    perform fn.add_audit_entry(_account_id, 'invitation.revoked', _email);
end;
$$;

comment on function fn.revoke_invitation is 'Revokes an invitation and its link. FB404.';
