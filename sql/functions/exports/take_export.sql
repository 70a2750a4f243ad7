-- Called by app as account.
create function fn.take_export(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns table (name text, bytes bigint, parts integer)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _kind text;
    _format text;
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    select
        format('%s-%s-%s.%s', p.slug, e.kind, to_char(e.requested_at at time zone p.time_zone, 'YYYY-MM-DD'), e.format),
        e.bytes, e.parts, e.kind, e.format
    into name, bytes, parts, _kind, _format
    from public.export as e
    join public.project as p on p.account_id = e.account_id and p.id = e.project_id
    where e.account_id = _account_id and e.project_id = _project_id and e.id = _id and e.done_at is not null
        and e.error is null;
    if not found then
        raise exception 'There is no such export.'
            using errcode = 'FB404', hint = 'Exports are deleted after a week. Request a new one.';
    end if;
    perform fn.add_audit_entry(
        _account_id, 'export.downloaded',
        (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id),
        jsonb_build_object('kind', _kind, 'format', _format), null, _now
    );
    return next;
end;
$$;

comment on function fn.take_export is
'A finished export for download, recorded in the audit log: name and bytes of the file, number of parts.';
