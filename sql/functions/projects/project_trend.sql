create function fn.project_trend(_account_id uuid, _project_id uuid, _from date, _until date)
returns table (day date, signals bigint, messages bigint, weighed bigint, weight double precision)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    select
        d.day::date,
        coalesce(t.signals, 0)::bigint, coalesce(t.messages, 0)::bigint, coalesce(t.weighed, 0)::bigint,
        coalesce(t.weight, 0)
    from generate_series(_from::timestamp, _until::timestamp, '1 day') as d (day)
    left join (
        select
            y.day,
            sum(y.count) as signals,
            sum(y.count) filter (where s.type in ('message', 'tagged', 'form')) as messages,
            sum(y.count) filter (where s.type not in ('message', 'form')) as weighed,
            sum(y.count * o.weight) filter (where s.type not in ('message', 'form')) as weight
        from public.content_set as s
        join public.content as c on c.account_id = s.account_id and c.content_set_id = s.id
        join public.tally_day as y on y.account_id = c.account_id and y.content_id = c.id
        join public.option as o
            on o.account_id = s.account_id and o.content_set_id = s.id and o.no = y.option_no
        where s.account_id = _account_id and s.project_id = _project_id and y.day between _from and _until
        group by y.day
    ) as t on t.day = d.day
    order by d.day;
end;
$$;

comment on function fn.project_trend is
'Every day from _from to _until, none left out: the signals of a project, how many of them are messages, how many say how
good something is (all but messages and forms), and the sum of their options'' weights.';
