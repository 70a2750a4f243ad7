-- Called by app as installation.
create function fn.update_installation(_installation_id bigint, _is_deleted boolean, _now timestamptz default now())
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _tracker public.tracker;
    _name text;
begin
    for _tracker in
        update public.tracker as t set revoked_at = case when _is_deleted then coalesce(t.revoked_at, _now) end
        where t.installation_id = _installation_id and (t.revoked_at is not null) <> _is_deleted
        returning t.*
    loop
        select p.name into _name from public.project as p
        where p.account_id = _tracker.account_id and p.id = _tracker.project_id;
        perform fn.add_audit_entry(
            _tracker.account_id, 'tracker.updated', _name,
            jsonb_build_object('repository', _tracker.path, 'by', 'GitHub App', 'paused', _is_deleted), null, _now
        );
    end loop;
    perform pg_notify('issue', '');
end;
$$;

comment on function fn.update_installation is
'Pauses the trackers of an installation of the GitHub App that was deleted. After any other change of it they are tried again.';
