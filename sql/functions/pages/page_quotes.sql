create function fn.page_quotes(_account_id uuid, _page_id uuid, _from date, _to date, _limit integer default 2) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    _hidden_from timestamptz := fn.hidden_from(_account_id);
    -- Of the whole window: so the partitions of other times are left out once and not day by day.
    _low_id uuid := fn.uuid_floor(_from::timestamp at time zone 'UTC' - interval '14 hours');
    _high_id uuid := fn.uuid_floor(_to::timestamp at time zone 'UTC' + interval '38 hours');
begin
    return (
        select coalesce(json_agg(json_build_object('id', q.id, 'body', q.body) order by q.weight, q.id desc), '[]')
        from (
            select f.id, f.weight, left(regexp_replace(u.body, '\s+', ' ', 'g'), 200) as body
            from (
                select i.*, o.weight
                from public.placement as c
                -- Tallies know the days on which something was written; only these are looked into.
                cross join lateral (
                    select t.day from public.tally_day as t
                    where t.account_id = _account_id and t.placement_id = c.id and t.count > 0 and t.day between _from and _to
                    group by t.day
                    order by t.day desc
                    limit 7
                ) as d
                cross join lateral (
                    select r.* from public.response as r
                    where r.account_id = _account_id and r.widget_id = c.widget_id and r.body is not null
                        and r.id >= _low_id and r.id < _high_id
                        and r.id >= fn.uuid_floor(d.day::timestamp at time zone 'UTC' - interval '14 hours')
                        and r.id < fn.uuid_floor(d.day::timestamp at time zone 'UTC' + interval '38 hours')
                        and r.placement_id = c.id and r.counted_on = d.day
                        and not exists (
                            select 1 from public.message_state as m
                            where m.account_id = _account_id and m.response_id = r.id and m.folder in ('spam', 'deleted')
                        )
                    order by r.id desc
                    limit 5
                ) as i
                join public.option as o on o.account_id = _account_id and o.widget_id = c.widget_id and o.no = i.option_no
                where c.account_id = _account_id and c.page_id = _page_id
            ) as f
            cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
            where not u.is_hidden and u.body is not null
            order by f.weight, f.id desc
            limit _limit
        ) as q
    );
end;
$$;

comment on function fn.page_quotes is
'What visitors wrote on a page on the latest days of a window, as JSON: the most negative first, then the newest, without spam and
hidden words; the beginning of each.';
