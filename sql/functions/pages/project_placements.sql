-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.project_placements(
    _account_id uuid, _project_id uuid, _days smallint, _widget_id uuid, _text text, _sort text, _is_rising boolean,
    _is_archived boolean, _limit integer, _offset integer
) returns table (
    id uuid, key text, widget_id uuid, widget_name text, type text, responses bigint, compared bigint, before bigint,
    sentiment double precision, sentiment_interval double precision[], average double precision,
    average_interval double precision[], nps double precision, nps_interval double precision[], ever bigint, row_count bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _is_covered boolean := _days = any (fn.covered_windows(_account_id, _project_id));
begin
    return query
    with entries as (
        select c.id, c.key, c.widget_id, s.name, s.type, coalesce(k.total, 0) as total,
            coalesce(k.compared, 0) as compared, case when _is_covered then coalesce(k.before, 0) end as before,
            k.sentiment, k.average, k.nps, c.created_at,
            -- Within a widget by its own score, across widgets by sentiment, as in mv.leader.
            case when _widget_id is null then k.sentiment * k.total / (k.total + 10) else k.score end as score
        from public.widget as s
        join public.placement as c on c.account_id = s.account_id and c.widget_id = s.id
        left join public.placement_score as k
            on k.account_id = _account_id and k.project_id = _project_id and k.days = _days and k.placement_id = c.id
        where s.account_id = _account_id and s.project_id = _project_id
            and (_widget_id is null or s.id = _widget_id)
            and (_text = '' or strpos(lower(c.key), lower(_text)) > 0)
            and (c.archived_at is not null) = _is_archived
    ), page as (
        select l.*, r.rank, count(*) over () as row_count
        from entries as l
        cross join lateral (
            select case _sort
                when 'score' then l.score
                when 'change' then l.compared - l.before
                when 'newest' then extract(epoch from l.created_at)
                else l.total
            end::double precision * case when _is_rising then -1 else 1 end as rank
        ) as r
        order by r.rank desc nulls last, l.total desc, l.key
        limit _limit offset _offset
    )
    select p.id, p.key, p.widget_id, p.name, p.type, p.total, p.compared, p.before, p.sentiment, i.sentiment_interval, p.average,
        i.average_interval, p.nps, i.nps_interval,
        coalesce((
            select sum(t.count) from public.tally as t where t.account_id = _account_id and t.placement_id = p.id
        ), 0)::bigint,
        p.row_count
    from page as p
    cross join lateral fn.placement_intervals(_account_id, p.id, _days) as i
    order by p.rank desc nulls last, p.total desc, p.key;
end;
$$;

comment on function fn.project_placements is
'A page of a project''s placements, of one widget or all, whose key contains _text (empty: all), archived or not, with the
window of _days (7, 30, 90, 365; fn.placement_windows) and all-time responses. Sorted by responses, score, change or newest, descending unless
_is_rising. row_count is of all pages.';
