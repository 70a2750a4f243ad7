-- Called by app as account.
create function fn.merge_preview(_account_id uuid, _project_id uuid, _source_id uuid, _target_id uuid)
returns table (
    source_key text, source_title text, target_key text, target_title text, source_responses bigint, target_responses bigint,
    visitors_on_both bigint, responses bigint, widgets_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    perform fn.check_merge(_account_id, _project_id, _source_id, _target_id);
    return query
    with placement as materialized (
        select c.id, c.widget_id, c.page_id from public.placement as c
        where c.account_id = _account_id and c.page_id in (_source_id, _target_id)
    ), visitor as (
        select f.widget_id, array_agg(f.option_no order by f.id desc) as option_nos
        from public.response as f
        where f.account_id = _account_id and f.placement_id in (select p.id from placement as p)
            and f.counted_on is not null and f.visitor is not null and f.dedup_key is not null
            and f.body is null and f.fields is null
        group by f.widget_id, f.visitor
        having count(*) > 1
    ), older as (
        select v.widget_id, o.option_no, count(*) as n
        from visitor as v
        cross join lateral unnest(v.option_nos[2:]) as o (option_no)
        group by v.widget_id, o.option_no
    ), option as (
        select p.widget_id, t.option_no, coalesce(sum(t.count) filter (where p.page_id = _source_id), 0)::bigint as source,
            coalesce(sum(t.count) filter (where p.page_id = _target_id), 0)::bigint as target
        from placement as p
        join public.tally as t on t.account_id = _account_id and t.placement_id = p.id
        group by p.widget_id, t.option_no
    ), result as (
        select k.widget_id, k.option_no, k.source, k.target, k.source + k.target - coalesce(l.n, 0) as result
        from option as k
        left join older as l on l.widget_id = k.widget_id and l.option_no = k.option_no
    ), widget as (
        select w.id, w.name, w.type, w.created_at, sum(r.source)::bigint as source, sum(r.target)::bigint as target,
            sum(r.result)::bigint as result,
            json_agg(json_build_object(
                'value', o.value, 'label', o.label, 'icon', o.icon, 'source', r.source, 'target', r.target, 'result', r.result
            ) order by o.position) filter (where o.retired_at is null or r.source + r.target > 0) as options
        from result as r
        join public.widget as w on w.account_id = _account_id and w.id = r.widget_id
        join public.option as o on o.account_id = w.account_id and o.widget_id = w.id and o.no = r.option_no
        group by w.id, w.name, w.type, w.created_at
    )
    select s.key, s.title, t.key, t.title, coalesce(sum(w.source), 0)::bigint, coalesce(sum(w.target), 0)::bigint,
        (select count(*) from visitor), coalesce(sum(w.result), 0)::bigint,
        coalesce(json_agg(json_build_object(
            'id', w.id, 'name', w.name, 'type', w.type, 'source', w.source, 'target', w.target, 'result', w.result,
            'options', w.options
        ) order by w.created_at, w.id) filter (where w.id is not null), '[]')::text
    from public.page as s
    join public.page as t on t.account_id = s.account_id and t.id = _target_id
    left join widget as w on true
    where s.account_id = _account_id and s.id = _source_id
    group by s.key, s.title, t.key, t.title;
end;
$$;

comment on function fn.merge_preview is
'What merging a page into another would give: responses of both, visitors (by widget) who responded on both, and as JSON the
counts of each widget before and after. FB404, FB409, FB422.';
