-- Called by app as account.
create function fn.delete_issue(_account_id uuid, _project_id uuid, _response_id uuid, _now timestamptz default now())
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _url text;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    -- The tracker before its issues, as everywhere.
    perform from public.tracker as t where t.account_id = _account_id and t.project_id = _project_id for update;
    delete from public.issue as i
    where i.account_id = _account_id and i.project_id = _project_id and i.id = fn.message_issue_id(_account_id, _response_id)
    returning coalesce(i.url, '') into _url;
    if not found then
        raise exception 'The message has no issue.' using errcode = 'FB404', hint = 'It may have been deleted already.';
    end if;
    perform fn.add_audit_entry(_account_id, 'issue.deleted', (
        select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id
    ), jsonb_build_object('issue', nullif(_url, '')), null, _now);
end;
$$;

comment on function fn.delete_issue is
'Removes the link of a message and its group to their issue, which stays at the forge. FB404, FB403.';
