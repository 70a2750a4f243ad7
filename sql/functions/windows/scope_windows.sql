-- Called by app as account.
create function fn.scope_windows(_account_id uuid, _project_id uuid, _scope text, _id uuid default null)
returns table (last_day_json text, windows_json text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    perform fn.check_scope(_account_id, _project_id, _scope, _id);
    return query
    select
        fn.last_day_window(
            _account_id, _project_id, case when _scope = 'widget' then _id end, case when _scope = 'placement' then _id end
        )::text,
        case _scope
        when 'project' then (
            select json_agg(w order by w.days)::text from fn.project_windows(_account_id, _project_id) as w
        )
        when 'widget' then (
            select json_agg(
                json_build_object(
                    'days', d.days, 'total', w.total, 'before', w.before, 'positive', w.positive, 'neutral', w.neutral,
                    'negative', w.negative, 'sentiment', w.sentiment, 'average', w.average, 'score', w.score,
                    'counts', (
                        select json_object_agg(c.value, c.count order by c.n)
                        from unnest(w.option_values, w.counts) with ordinality as c (value, count, n)
                    )
                )
                order by d.days
            )::text
            from fn.window as d
            cross join lateral fn.widget_windows(_account_id, _project_id, d.days) as w
            where w.widget_id = _id
        )
        else (select json_agg(w order by w.days)::text from fn.placement_windows(_account_id, _id) as w)
    end;
end;
$$;

comment on function fn.scope_windows is
'The last 24 hours and the rolling windows of a project, or its widget or placement, as JSON (null without responses): see
fn.last_day_window, fn.project_windows, fn.widget_windows and fn.placement_windows. FB404.';
