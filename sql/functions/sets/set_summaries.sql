create function fn.set_summaries(_account_id uuid, _project_id uuid, _from date, _until date)
returns table (
    id uuid, name text, type text, signals bigint, sentiment double precision, average double precision, options json
)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    with told as (
        select s.id, s.name, s.type, s.created_at, o.position, o.value, o.label, o.icon, o.weight, o.retired_at,
            coalesce(t.count, 0)::bigint as count
        from public.content_set as s
        join public.option as o on o.account_id = s.account_id and o.content_set_id = s.id
        left join (
            select c.content_set_id, y.option_no, sum(y.count) as count
            from public.content_set as i
            join public.content as c on c.account_id = i.account_id and c.content_set_id = i.id
            join public.tally_day as y on y.account_id = c.account_id and y.content_id = c.id
            where i.account_id = _account_id and i.project_id = _project_id and y.day between _from and _until
            group by c.content_set_id, y.option_no
        ) as t on t.content_set_id = s.id and t.option_no = o.no
        where s.account_id = _account_id and s.project_id = _project_id
    )
    select
        t.id, t.name, t.type, sum(t.count)::bigint,
        case when t.type not in ('pulse', 'message', 'form') then sum(t.count * t.weight) / nullif(sum(t.count), 0) end,
        sum(case when t.type in ('rating', 'nps') then t.count * t.value::double precision end) / nullif(sum(t.count), 0),
        json_agg(
            json_build_object('value', t.value, 'label', t.label, 'icon', t.icon, 'weight', t.weight, 'count', t.count)
            order by t.position
        ) filter (where t.retired_at is null)
    from told as t
    group by t.id, t.name, t.type, t.created_at
    order by t.created_at, t.id;
end;
$$;

comment on function fn.set_summaries is
'The content sets of a project, oldest first, with what they were told from _from to _until: the signals, the sentiment
(the mean weight; null where it says nothing), the average of ratings, and the count of each option in order.';
