-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.widget(_account_id uuid, _slug text, _id uuid)
returns table (
    id uuid, name text, type text, project_slug text, project_name text, placements integer, responses bigint,
    sentiment double precision, average double precision, options_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        s.id, s.name, s.type, p.slug, p.name, s.placements, sum(t.count)::bigint,
        case when w.is_judging then sum(t.count * o.weight) / nullif(sum(t.count), 0) end,
        sum(case when w.is_numeric then t.count * o.value::double precision end) / nullif(sum(t.count), 0),
        json_agg(
            json_build_object('value', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight, 'count', t.count)
            order by o.position
        ) filter (where o.retired_at is null)::text
    from public.project as p
    join public.widget as s on s.account_id = p.account_id and s.project_id = p.id
    join fn.widget_type as w on w.name = s.type
    join public.option as o on o.account_id = s.account_id and o.widget_id = s.id
    cross join lateral (
        select coalesce(sum(i.count), 0)::bigint as count
        from public.placement as c
        join public.tally as i on i.account_id = c.account_id and i.placement_id = c.id and i.option_no = o.no
        where c.account_id = s.account_id and c.widget_id = s.id
    ) as t
    where p.account_id = _account_id and p.slug = _slug and s.id = _id
    group by s.account_id, s.id, s.name, s.type, p.slug, p.name, s.placements, w.is_judging;
    if not found then
        raise exception 'There is no such widget.' using errcode = 'FB404', hint = 'See the widgets of your project.';
    end if;
end;
$$;

comment on function fn.widget is
'A widget of a project with its all-time counts: responses, sentiment (mean weight), average of ratings, and counts of each
option in order as JSON. FB404.';
