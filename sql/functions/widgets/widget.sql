-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.widget(_account_id uuid, _slug text, _id uuid)
returns table (
    id uuid, name text, type text, project_slug text, project_name text, placements integer, responses bigint,
    positive double precision, positive_interval double precision[], sentiment double precision,
    sentiment_interval double precision[], average double precision, average_interval double precision[],
    nps double precision, nps_interval double precision[], options_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        s.id, s.name, s.type, p.slug, p.name, s.placements, sum(t.count)::bigint,
        sum(t.count) filter (where v.weight > 0) / nullif(sum(t.count) filter (where v.weight is not null), 0)::double precision,
        fn.wilson_interval(
            coalesce(sum(t.count) filter (where v.weight > 0), 0)::bigint,
            sum(t.count) filter (where v.weight is not null)::bigint
        ),
        sum(t.count * v.weight) / nullif(sum(t.count), 0),
        fn.mean_interval(sum(t.count * v.weight), sum(t.count * v.weight * v.weight), sum(t.count)::bigint, -1, 1),
        sum(t.count * v.number) / nullif(sum(t.count), 0),
        fn.mean_interval(
            sum(t.count * v.number), sum(t.count * v.number * v.number), sum(t.count)::bigint, min(v.number), max(v.number)
        ),
        100 * sum(t.count * v.nps) / nullif(sum(t.count), 0)::double precision,
        fn.nps_interval(
            sum(t.count * (v.nps = 1)::integer)::bigint, sum(t.count * (v.nps = -1)::integer)::bigint, sum(t.count)::bigint
        ),
        json_agg(
            json_build_object('value', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight, 'count', t.count)
            order by o.position
        ) filter (where o.retired_at is null)::text
    from public.project as p
    join public.widget as s on s.account_id = _account_id and s.project_id = p.id
    join public.option as o on o.account_id = _account_id and o.widget_id = s.id
    join fn.scored_option as v on v.account_id = _account_id and v.widget_id = o.widget_id and v.no = o.no
    cross join lateral (
        select coalesce(sum(i.count), 0)::bigint as count
        from public.placement as c
        join public.tally as i on i.account_id = _account_id and i.placement_id = c.id and i.option_no = o.no
        where c.account_id = _account_id and c.widget_id = s.id
    ) as t
    where p.account_id = _account_id and p.slug = _slug and s.id = _id
    group by s.account_id, s.id, s.name, s.type, p.slug, p.name, s.placements;
    if not found then
        raise exception 'There is no such widget.' using errcode = 'FB404', hint = 'See the widgets of your project.';
    end if;
end;
$$;

comment on function fn.widget is
'A widget of a project with its all-time counts: responses; positive share, sentiment, average and NPS where its type
has them (fn.scored_option), with 95 % intervals; and counts of each option in order as JSON. FB404.';
