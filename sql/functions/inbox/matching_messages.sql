-- Called by app as installation.
create function fn.matching_messages(
    _account_id uuid, _project_id uuid, _view text, _widget_id uuid, _search text, _after uuid, _before uuid,
    _limit integer, _page_id uuid default null, _origin text default '', _option text default '',
    _reason text default '', _statuses text[] default null, _assignee_id uuid default null,
    _tag_id uuid default null, _group_id uuid default null
) returns table (
    id uuid, widget_id uuid, widget_name text, type text, key text, label text, icon text, body text, fields json,
    sender text, created_at timestamp, edited_at timestamp, folder text, is_read boolean, is_starred boolean,
    is_test boolean, option text, reasons_json text, status text, assignee_id uuid, assignee text, tags_json text,
    group_id uuid, group_size bigint, notes bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _from uuid := coalesce(_after, '00000000-0000-0000-0000-000000000000');
    _to uuid := coalesce(_before, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    _widget_ids uuid[];
    _query tsquery;
    _hidden_from timestamptz := fn.hidden_from(_account_id);
    _looked_at constant integer := 1000;
    _newest uuid[];
    _ids uuid[];
    _placement_ids uuid[] := fn.filtered_placements(_account_id, _project_id, _page_id, _origin);
    _option_no smallint;
    _reason_no smallint;
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    -- Not in one statement: Postgres cannot pass a query without words on to another server.
    _widget_ids := array(
        select s.id from public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id and (_widget_id is null or s.id = _widget_id)
    );
    _query := fn.message_query(_search, _widget_ids);
    if numnode(_query) = 0 then
        return;
    end if;
    if _option <> '' then
        select o.no into _option_no from public.option as o
        where o.account_id = _account_id and o.widget_id = _widget_id and o.value = _option;
    end if;
    if _reason <> '' then
        select r.no into _reason_no from fn.named_reasons(_account_id, array[_widget_id], _option, _reason) as r;
    end if;
    -- A word that many messages have is soon found among the newest; the index would fetch every message that has it.
    _newest := array(
        select n.id
        from public.widget as s
        cross join lateral (
            select i.id from public.response as i
            where i.account_id = _account_id and i.widget_id = s.id and (i.body is not null or i.fields is not null)
                and i.id > _from and i.id < _to
            order by i.id desc
            limit _looked_at
        ) as n
        where s.account_id = _account_id and s.project_id = _project_id and (_widget_id is null or s.id = _widget_id)
        order by n.id desc
        limit _looked_at
    );
    _ids := array(
        select f.id
        from public.response as f
        left join public.message_state as m on m.account_id = _account_id and m.response_id = f.id
        where f.account_id = _account_id and (f.body is not null or f.fields is not null)
            and fn.message_words(f.widget_id, f.body, f.fields, f.context) @@ _query
            and f.id = any (_newest) and f.created_at < _hidden_from
            and (_placement_ids is null or f.placement_id = any (_placement_ids))
            and (_option = '' or f.option_no = _option_no) and (_reason = '' or _reason_no = any (f.reason_nos))
            and fn.is_in_view(_view, m.folder, m.is_read, m.is_starred)
            and fn.is_triaged_as(_account_id, f.id, _statuses, _assignee_id, _tag_id, _group_id)
        order by f.id desc
        limit _limit
    );
    if cardinality(_ids) < _limit and cardinality(_newest) = _looked_at then
        _ids := array(
            select f.id
            from public.response as f
            left join public.message_state as m on m.account_id = _account_id and m.response_id = f.id
            where f.account_id = _account_id and (f.body is not null or f.fields is not null)
                and fn.message_words(f.widget_id, f.body, f.fields, f.context) @@ _query
                and f.id > _from and f.id < _to and f.created_at < _hidden_from
                and (_placement_ids is null or f.placement_id = any (_placement_ids))
                and (_option = '' or f.option_no = _option_no) and (_reason = '' or _reason_no = any (f.reason_nos))
                and fn.is_in_view(_view, m.folder, m.is_read, m.is_starred)
                and fn.is_triaged_as(_account_id, f.id, _statuses, _assignee_id, _tag_id, _group_id)
            order by f.id desc
            limit _limit
        );
    end if;
    return query select * from fn.message_rows(_account_id, _ids);
end;
$$;

comment on function fn.matching_messages is
'As fn.inbox_messages, messages in which every word of _search begins a word. Row-level security would rule out the search
index, so it acts for the installation: it calls fn.allow and searches the project''s widgets only.';
