create function fn.response_days(
    _account_id uuid, _project_id uuid, _widget_id uuid, _placement_ids uuid[], _option_no smallint, _from date, _to date,
    _today date, _zone text, _reason_no smallint default null, _sign integer default null
) returns table (day date)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select d.day
    from (
        -- Days of widgets and projects are a minute behind.
        select _today as day
        union
        select t.day
        from fn.test_days(_account_id, _project_id, _widget_id, _placement_ids, _option_no, _from, _to, _zone) as t
        union
        select t.day from public.placement as c
        join public.reason_tally_day as t
            on t.account_id = _account_id and t.placement_id = c.id and t.reason_no = _reason_no and t.count > 0
        where _reason_no is not null and c.account_id = _account_id and c.widget_id = _widget_id
            and (_placement_ids is null or c.id = any (_placement_ids))
        union
        select t.day from public.tally_day as t
        where _reason_no is null and _placement_ids is not null and t.account_id = _account_id and t.placement_id = any (_placement_ids)
            and t.count > 0
            and (_option_no is null or t.option_no = _option_no)
            and (
                _sign is null or exists (
                    select 1 from public.placement as c
                    where c.account_id = _account_id and c.id = t.placement_id
                        and fn.is_judged(_account_id, c.widget_id, t.option_no, _sign)
                )
            )
        union
        select t.day from public.widget_day as t
        where _reason_no is null and _placement_ids is null and (_widget_id is not null or _sign is not null)
            and t.account_id = _account_id and t.project_id = _project_id
            and (_widget_id is null or t.widget_id = _widget_id)
            and t.count > 0 and (_option_no is null or t.option_no = _option_no)
            and (_sign is null or fn.is_judged(_account_id, t.widget_id, t.option_no, _sign))
        union
        select t.day from public.project_day as t
        where _reason_no is null and _placement_ids is null and _widget_id is null and _sign is null
            and t.account_id = _account_id and t.project_id = _project_id and t.count > 0
    ) as d
    where d.day between _from and _to
    order by d.day desc;
end;
$$;

comment on function fn.response_days is 'Days of a project, a widget or some placements with responses (of an option, or of a reason of the widget, or with
that _sign of their weight) and, by the time zone, with some of test mode (whatever their reason or weight), newest first.';
