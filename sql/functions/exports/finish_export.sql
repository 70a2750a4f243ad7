-- Called by jobs as installation.
create function fn.finish_export(
    _account_id uuid, _id uuid, _claim uuid, _base_url text, _error text default null, _now timestamptz default now()
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _export public.export;
    _to record;
begin
    update public.export as e set done_at = _now, error = _error, claim = null, claimed_until = null
    where e.account_id = _account_id and e.id = _id and e.claim = _claim and e.done_at is null
    returning * into _export;
    if not found then
        return false;
    end if;
    if _error is not null then
        delete from public.export_part as t where t.account_id = _account_id and t.export_id = _id;
    end if;
    select n.email, p.name as project, p.slug, p.time_zone into _to from public.project as p
    join public.member as m on m.account_id = p.account_id and m.person_id = _export.person_id
    join public.person as n on n.id = m.person_id
    where p.account_id = _account_id and p.id = _export.project_id;
    if found then
        perform fn.enqueue_mail(
            _to.email, 'export_ready',
            jsonb_build_object(
                'project', _to.project, 'kind', _export.kind, 'rows', to_char(_export.rows, 'FM999,999,999,999'),
                'error', coalesce(_error, ''), 'url', format('%s/projects/%s/exports', _base_url, _to.slug),
                'until', to_char((_now + interval '7 days') at time zone _to.time_zone, 'FMDD Mon YYYY')
            ), null, null, _now
        );
    end if;
    perform fn.emit(
        _account_id, _export.project_id, 'export.ready',
        jsonb_build_object('export', jsonb_build_object(
            'id', _id, 'kind', _export.kind, 'format', _export.format, 'rows', _export.rows
        )), _now
    )
    where _error is null;
    return true;
end;
$$;

comment on function fn.finish_export is
'Finishes an export, failed if there is an _error, and mails its person if they are still in the account.';
