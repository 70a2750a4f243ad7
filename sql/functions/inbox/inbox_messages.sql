-- Called by app as account.
create function fn.inbox_messages(
    _account_id uuid, _project_id uuid, _view text, _widget_id uuid, _after uuid, _before uuid, _limit integer,
    _page_id uuid default null, _origin text default '', _option text default '', _reason text default '',
    _statuses text[] default null, _assignee_id uuid default null, _tag_id uuid default null,
    _group_id uuid default null
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
    _ids uuid[];
    _placement_ids uuid[] := fn.filtered_placements(_account_id, _project_id, _page_id, _origin);
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    if num_nonnulls(_statuses, _assignee_id, _tag_id, _group_id) > 0 then
        return query
        select * from fn.message_rows(_account_id, fn.triaged_messages(
            _account_id, _project_id, _view, _widget_id, _placement_ids, _option, _reason, _from, _to, _limit,
            _statuses, _assignee_id, _tag_id, _group_id
        ));
        return;
    end if;
    if _placement_ids is not null or _option <> '' then
        _ids := fn.filtered_messages(
            _account_id, _project_id, _view, _widget_id, _placement_ids, _option, _from, _to, _limit,
            _reason
        );
        return query select * from fn.message_rows(_account_id, _ids);
        return;
    end if;
    _ids := array(
        (
            select m.response_id
            from unnest(case when _view = 'all' then '{inbox,archive}' else array[_view] end) as v (folder)
            cross join lateral (
                select i.response_id from public.message_state as i
                where i.account_id = _account_id and i.project_id = _project_id and i.folder = v.folder
                    and i.response_id > _from and i.response_id < _to
                    and (_widget_id is null or i.widget_id = _widget_id)
                order by i.response_id desc
                limit _limit
            ) as m
        )
        union all
        (
            select m.response_id from public.message_state as m
            where _view = 'unread' and m.account_id = _account_id and m.project_id = _project_id
                and m.folder = 'inbox' and not m.is_read and m.response_id > _from and m.response_id < _to
                and (_widget_id is null or m.widget_id = _widget_id)
            order by m.response_id desc
            limit _limit
        )
        union all
        (
            select m.response_id from public.message_state as m
            where _view = 'starred' and m.account_id = _account_id and m.project_id = _project_id
                and m.is_starred and m.folder in ('inbox', 'archive') and m.response_id > _from and m.response_id < _to
                and (_widget_id is null or m.widget_id = _widget_id)
            order by m.response_id desc
            limit _limit
        )
        union all
        select n from fn.new_messages(_account_id, _project_id, _widget_id, _from, _to, _limit) as n
        where _view in ('inbox', 'unread', 'all')
        order by 1 desc
        limit _limit
    );
    return query select * from fn.message_rows(_account_id, _ids);
end;
$$;

comment on function fn.inbox_messages is
'A page of a project''s messages, newest first, in the view inbox, unread, starred, all (inbox and archive), archive, spam or
deleted; of one widget, a page, an origin (fn.is_page_match), an option of the widget or a reason of the option, in one of some
statuses, of an assignee (the nil id: of nobody), with a tag and in a group, if given. _after and _before are ids, exclusive. Costs
one index look-up per widget and folder, however many messages there are.';
