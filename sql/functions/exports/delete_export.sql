-- Called by app as account.
create function fn.delete_export(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _kind text;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    delete from public.export as e
    where e.account_id = _account_id and e.project_id = _project_id and e.id = _id
    returning e.kind into _kind;
    if not found then
        raise exception 'There is no such export.' using errcode = 'FB404', hint = 'Exports are deleted after a week.';
    end if;
    perform fn.add_audit_entry(
        _account_id, 'export.deleted',
        (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id),
        jsonb_build_object('kind', _kind), null, _now
    );
end;
$$;

comment on function fn.delete_export is 'Deletes an export with its parts; one in progress ends.';
