create function fn.best_contents(_account_id uuid, _project_id uuid, _from date, _until date, _limit integer)
returns table (
    content_set_id uuid, set_name text, key text, signals bigint, sentiment double precision, score double precision
)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    select b.id, b.name, b.key, b.signals, b.sentiment, b.score
    from (
        select
            s.id, s.name, c.key, sum(y.count)::bigint as signals,
            case when s.type <> 'pulse' then sum(y.count * o.weight) / sum(y.count) end as sentiment,
            case when s.type <> 'pulse' then fn.wilson_lower_bound(
                coalesce(sum(y.count) filter (where o.weight > 0), 0)::bigint,
                coalesce(sum(y.count) filter (where o.weight <> 0), 0)::bigint
            ) end as score
        from public.content_set as s
        join public.content as c on c.account_id = s.account_id and c.content_set_id = s.id
        join public.tally_day as y on y.account_id = c.account_id and y.content_id = c.id
        join public.option as o
            on o.account_id = s.account_id and o.content_set_id = s.id and o.no = y.option_no
        where s.account_id = _account_id and s.project_id = _project_id and s.type not in ('message', 'tagged', 'form')
            and y.day between _from and _until
        group by s.id, s.name, s.type, c.account_id, c.id, c.key
        having sum(y.count) > 0
    ) as b
    order by b.score desc nulls last, b.signals desc, b.key
    limit _limit;
end;
$$;

comment on function fn.best_contents is
'The best contents of a project from _from to _until: by fn.wilson_lower_bound of the share of positive signals, then by
signals. Where there is nothing but likes, nothing speaks against a content, and only signals count.';
