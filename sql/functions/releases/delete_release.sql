-- Called by app as account.
create function fn.delete_release(_account_id uuid, _project_id uuid, _id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    delete from public.release as r
    where r.account_id = _account_id and r.project_id = _project_id and r.id = _id
    returning r.name into _name;
    if not found then
        raise exception 'There is no such release.' using errcode = 'FB404', hint = 'See the releases of your project.';
    end if;
    perform fn.add_audit_entry(_account_id, 'release.deleted', _name);
end;
$$;

comment on function fn.delete_release is 'Deletes a release; what was counted stays. FB404, FB403.';
