create function fn.triaged_messages(
    _account_id uuid, _project_id uuid, _view text, _widget_id uuid, _placement_ids uuid[], _option text, _reason text,
    _after uuid, _before uuid, _limit integer, _statuses text[], _assignee_id uuid, _tag_id uuid, _group_id uuid
) returns uuid[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan  -- which index is best depends on what is asked for
as $$
declare
    _nobody constant uuid := '00000000-0000-0000-0000-000000000000';
    _option_no smallint;
    _reason_no smallint;
    _is_of_all boolean := _placement_ids is null and _option = '';
    -- A message that nobody has touched is new, assigned to nobody, without tags and in no group.
    _takes_untouched boolean := 'new' = any (coalesce(_statuses, '{new}')) and coalesce(_assignee_id, _nobody) = _nobody
        and _tag_id is null and _group_id is null;
begin
    if _option <> '' then
        select o.no into _option_no from public.option as o
        where o.account_id = _account_id and o.widget_id = _widget_id and o.value = _option;
    end if;
    if _reason <> '' then
        select r.no into _reason_no from fn.named_reasons(_account_id, array[_widget_id], _option, _reason) as r;
    end if;
    return array(
        (
            select t.response_id
            from public.triage as t
            join public.message_state as m on m.account_id = _account_id and m.response_id = t.response_id
            join public.response as f on f.account_id = _account_id and f.id = t.response_id
            where t.account_id = _account_id and t.project_id = _project_id
                and t.response_id > _after and t.response_id < _before
                and (_statuses is null or t.status = any (_statuses))
                and (
                    _assignee_id is null or t.assignee_id = _assignee_id
                    or _assignee_id = _nobody and t.assignee_id is null
                )
                and (_group_id is null or t.group_id = _group_id)
                and (
                    _tag_id is null or t.response_id in (
                        select k.response_id from public.message_tag as k
                        where k.account_id = _account_id and k.tag_id = _tag_id
                    )
                )
                and (f.body is not null or f.fields is not null)
                and (_widget_id is null or f.widget_id = _widget_id)
                and (_placement_ids is null or f.placement_id = any (_placement_ids))
                and (_option = '' or f.option_no = _option_no) and (_reason = '' or _reason_no = any (f.reason_nos))
                and fn.is_in_view(_view, m.folder, m.is_read, m.is_starred)
            order by t.response_id desc
            limit _limit
        )
        union all
        (
            select m.response_id
            from public.message_state as m
            join public.response as f on f.account_id = _account_id and f.id = m.response_id
            where _takes_untouched and m.account_id = _account_id and m.project_id = _project_id
                and m.response_id > _after and m.response_id < _before
                and (f.body is not null or f.fields is not null)
                and (_widget_id is null or f.widget_id = _widget_id)
                and (_placement_ids is null or f.placement_id = any (_placement_ids))
                and (_option = '' or f.option_no = _option_no) and (_reason = '' or _reason_no = any (f.reason_nos))
                and fn.is_in_view(_view, m.folder, m.is_read, m.is_starred)
                and not exists (
                    select 1 from public.triage as t
                    where t.account_id = _account_id and t.response_id = m.response_id
                )
            order by m.response_id desc
            limit _limit
        )
        union all
        (
            select f.id
            from fn.new_messages(
                _account_id, _project_id, _widget_id, _after, _before, case when _is_of_all then _limit else 5000 end
            ) as n
            join public.response as f on f.account_id = _account_id and f.id = n
            where _takes_untouched and _view in ('inbox', 'unread', 'all')
                and (_placement_ids is null or f.placement_id = any (_placement_ids))
                and (_option = '' or f.option_no = _option_no) and (_reason = '' or _reason_no = any (f.reason_nos))
        )
        order by 1 desc
        limit _limit
    );
end;
$$;

comment on function fn.triaged_messages is
'Ids of messages as of fn.inbox_messages, newest first, in one of some statuses, of an assignee (the nil id: of nobody), with a tag
and in a group; null for any.';
