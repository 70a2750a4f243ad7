create function fn.reason_quotes(
    _account_id uuid, _widget_ids uuid[], _placement_ids uuid[], _from date, _to date, _limit integer default 2
) returns table (widget_id uuid, reason_no smallint, quotes json)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _hidden_from timestamptz := fn.hidden_from(_account_id);
begin
    return query
    select q.widget_id, q.reason_no, json_agg(json_build_object('id', q.id, 'body', q.body) order by q.id desc)
    from (
        select f.widget_id, n.no as reason_no, f.id, left(regexp_replace(u.body, '\s+', ' ', 'g'), 200) as body,
            row_number() over (partition by f.widget_id, n.no order by f.id desc) as rank
        from unnest(_widget_ids) as w (id)
        -- Tallies know the days on which reasons were given there; only these are looked into.
        cross join lateral (
            select t.day
            from public.placement as c
            join public.reason_tally_day as t
                on t.account_id = _account_id and t.placement_id = c.id and t.count > 0 and t.day between _from and _to
            where c.account_id = _account_id and c.widget_id = w.id
                and (_placement_ids is null or c.id = any (_placement_ids))
            group by t.day
            order by t.day desc
            limit 14
        ) as d
        join public.response as f
            on f.account_id = _account_id and f.widget_id = w.id and (f.body is not null or f.fields is not null)
            and f.id >= fn.uuid_floor(d.day::timestamp at time zone 'UTC' - interval '14 hours')
            and f.id < fn.uuid_floor(d.day::timestamp at time zone 'UTC' + interval '38 hours')
            and f.counted_on = d.day and f.reason_nos is not null
            and (_placement_ids is null or f.placement_id = any (_placement_ids))
        cross join lateral unnest(f.reason_nos) as n (no)
        cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
        where not u.is_hidden and u.body is not null and not exists (
            select 1 from public.message_state as m
            where m.account_id = _account_id and m.response_id = f.id and m.folder in ('spam', 'deleted')
        )
    ) as q
    where q.rank <= _limit
    group by q.widget_id, q.reason_no;
end;
$$;

comment on function fn.reason_quotes is
'The beginnings of the newest messages that came with each reason of some widgets on the latest days of a window, as JSON, without
spam and hidden words.';
