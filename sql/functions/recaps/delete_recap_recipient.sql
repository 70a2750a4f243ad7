-- Called by app as account.
create function fn.delete_recap_recipient(_account_id uuid, _slug text, _id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _recipient record;
begin
    perform fn.allow(_account_id, 'admin');
    -- A recipient who unsubscribed stays, so that nobody can invite them again.
    delete from public.recap_recipient as r
    using public.project as p
    where r.account_id = _account_id and r.id = _id and p.account_id = _account_id and p.id = r.project_id
        and p.slug = _slug and r.ended_at is null
    returning r.email, p.name into _recipient;
    if not found then
        raise exception 'There is no such recipient.' using errcode = 'FB404', hint = 'Reload the page.';
    end if;
    perform fn.add_audit_entry(
        _account_id, 'recap_recipient.deleted', _recipient.email, jsonb_build_object('project', _recipient.name)
    );
end;
$$;

comment on function fn.delete_recap_recipient is 'Deletes a recap recipient outside the account. FB404, FB403 below admin.';
