-- Called by app as account.
create function fn.scope_windows(
    _account_id uuid, _project_id uuid, _scope text, _id uuid default null, _with_reasons boolean default false,
    _with_seen boolean default false
) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _through date := (
        select r.through from public.project_roll as r where r.account_id = _account_id and r.project_id = _project_id
    );
    _widget_id uuid := case _scope
        when 'widget' then _id
        when 'placement' then (select c.widget_id from public.placement as c where c.account_id = _account_id and c.id = _id)
    end;
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    perform fn.check_scope(_account_id, _project_id, _scope, _id);
    return case _scope
        when 'project' then (
            select json_agg(w order by w.days) from fn.project_windows(_account_id, _project_id) as w
        )
        when 'widget' then (
            select json_agg(t order by t.days)
            from (
                select d.days, w.total, w.compared, w.before, w.is_change, w.positive, w.positive_interval, w.neutral, w.negative,
                    w.sentiment, w.sentiment_interval, w.average, w.average_interval, w.nps, w.nps_interval, w.score,
                    (
                        select json_object_agg(c.value, c.count order by c.n)
                        from unnest(w.option_values, w.counts) with ordinality as c (value, count, n)
                    ) as counts,
                    case when _with_reasons then
                        fn.scope_reasons(_account_id, _project_id, _id, null, d.days, w.before is not null)
                    end as reasons,
                    case when _with_seen then (
                        select row_to_json(k)
                        from fn.seen_figures(_account_id, _widget_id, null, _through - d.days + 1, _through) as k
                    ) end as seen
                from (select days from fn.window union all select 1::smallint) as d
                cross join lateral fn.widget_windows(_account_id, _project_id, d.days) as w
                where w.widget_id = _id
            ) as t
        )
        else (
            select json_agg(t order by t.days)
            from (
                select w.*,
                    case when _with_reasons then
                        fn.scope_reasons(_account_id, _project_id, _widget_id, _id, w.days, w.before is not null)
                    end as reasons,
                    case when _with_seen then (
                        select row_to_json(k)
                        from fn.seen_figures(_account_id, _widget_id, _id, _through - w.days + 1, _through) as k
                    ) end as seen
                from fn.placement_windows(_account_id, _id) as w
            ) as t
        )
    end::text;
end;
$$;

comment on function fn.scope_windows is
'The windows of a project, or its widget or placement, the last 24 hours first, as JSON (null without responses): see
fn.project_windows, fn.widget_windows and fn.placement_windows. _with_reasons those of widgets and placements have their reasons
(fn.scope_reasons), _with_seen how often they were seen on their days (fn.seen_figures; null without views). FB404.';
