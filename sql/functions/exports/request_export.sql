-- Called by app as account.
create function fn.request_export(
    _account_id uuid, _project_id uuid, _kind text, _format text, _widget_id uuid, _placement_id uuid, _option text,
    _from_day date, _to_day date, _text text, _now timestamptz default now(),
    _page_id uuid default null, _origin text default '', _reason text default '', _sentiment text default ''
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.uuid_v7(_now);
    _person_id uuid := nullif(current_setting('feelback.person_id', true), '')::uuid;
    _most constant integer := 5;
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    perform fn.check_export(_account_id, _project_id, _kind, _format, _widget_id, _from_day, _to_day);
    if _person_id is null then
        raise exception 'Exports in the background need a signed-in person.' using errcode = 'FB403';
    end if;
    if (
        select count(*) >= _most from public.export as e
        where e.account_id = _account_id and e.project_id = _project_id and e.done_at is null
    ) then
        raise exception '% exports of this project are being prepared, which is the limit.', _most
            using errcode = 'FB429', hint = 'Wait until one of them is ready, or delete one.';
    end if;
    insert into public.export (
        account_id, id, project_id, person_id, kind, format, widget_id, placement_id, option, from_day, to_day, text,
        requested_at, expected, page_id, origin, reason, sentiment
    )
    values (
        _account_id, _id, _project_id, _person_id, _kind, _format, _widget_id, _placement_id,
        left(coalesce(_option, ''), 100), _from_day, _to_day, left(coalesce(_text, ''), 200), _now,
        fn.expected_rows(_account_id, _project_id, _kind, _widget_id, _from_day, _to_day), _page_id,
        left(coalesce(_origin, ''), 2048), left(coalesce(_reason, ''), 100), _sentiment
    );
    perform fn.add_audit_entry(
        _account_id, 'export.requested',
        (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id),
        jsonb_build_object('kind', _kind, 'format', _format), null, _now
    );
    perform pg_notify('export', '');
    return _id;
end;
$$;

comment on function fn.request_export is
'Requests an export in the background, which mails the actor when it is ready; returns its id. FB422 for invalid settings, FB429
for more than five in progress.';
