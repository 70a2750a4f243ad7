-- Called by app as account.
create function fn.cancel_account_deletion(_account_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text;
    _by text;
begin
    perform fn.allow(_account_id, 'admin');
    update public.account as a set deletion_at = null, deletion_notified_at = null
    where a.id = _account_id and a.deletion_at is not null
    returning a.name into _name;
    if _name is null then
        return;
    end if;
    select l.email into _by from fn.lock_member(_account_id, fn.actor_person()) as l;
    perform fn.notify_admins(
        _account_id, 'account_notice', jsonb_build_object('what', format('%s cancelled the deletion of the account.', _by)), _now
    );
    perform fn.add_audit_entry(_account_id, 'account.deletion_cancelled', _name, _now => _now);
end;
$$;

comment on function fn.cancel_account_deletion is
'Cancels the deletion of an account and mails its owner and admins. Does nothing without one.';
