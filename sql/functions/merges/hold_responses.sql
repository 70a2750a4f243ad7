create function fn.hold_responses(_merge public.page_merge, _ids uuid[], _counting_ids uuid[])
returns table (placement_id uuid, option_no smallint, counted_on date, reasons text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _account_id uuid := _merge.account_id;
begin
    return query
    with taken_out as (
        delete from public.response as f
        using unnest(_ids, _counting_ids) as i (id, counting_id)
        where f.account_id = _account_id and f.id = i.id
        returning f.*, i.counting_id
    ), edit as (
        delete from public.response_edit as e
        where e.account_id = _account_id and e.response_id in (select t.id from taken_out as t)
        returning e.response_id, e.edited_at, e.option_no, e.body, e.reason_nos
    ), origin as (
        delete from public.merge_response as m
        where m.account_id = _account_id and m.merge_id = _merge.id and m.response_id in (select t.id from taken_out as t)
        returning m.response_id, m.placement_id
    ), hold as (
        insert into public.merge_hold (
            account_id, id, merge_id, placement_id, counting_id, widget_id, option_no, counted_on, created_at, edited_at,
            visitor, dedup_key, visit_placement_id, visit_expires_at, context, body, reason_nos, contact, edits, expires_at
        )
        select t.account_id, t.id, _merge.id, coalesce(o.placement_id, t.placement_id), t.counting_id, t.widget_id,
            t.option_no, t.counted_on, t.created_at, t.edited_at, t.visitor, t.dedup_key, v.placement_id, v.expires_at, t.context,
            t.body, t.reason_nos, t.contact,
            (
                select jsonb_agg(jsonb_build_object(
                    'edited_at', e.edited_at, 'option_no', e.option_no, 'body', e.body, 'reason_nos', e.reason_nos::text
                ))
                from edit as e where e.response_id = t.id
            ),
            _merge.undo_until
        from taken_out as t
        left join origin as o on o.response_id = t.id
        left join public.visit as v on v.account_id = t.account_id and v.dedup_key = t.dedup_key and v.response_id = t.id
    )
    select t.placement_id, t.option_no, t.counted_on, t.reason_nos::text from taken_out as t;

    -- Whoever comes again at any of the addresses updates the response that counts.
    update public.merge_hold as h set counting_id = i.counting_id
    from unnest(_ids, _counting_ids) as i (id, counting_id)
    where h.account_id = _account_id and h.merge_id = _merge.id and h.counting_id = i.id;
    update public.visit as v set response_id = i.counting_id
    from unnest(_ids, _counting_ids) as i (id, counting_id)
    where v.account_id = _account_id and v.response_id = i.id and v.dedup_key in (
        select h.dedup_key from public.merge_hold as h where h.account_id = _account_id and h.id = i.id
        union all
        select k.dedup_key from public.merge_visit as k where k.account_id = _account_id and k.response_id = i.id
    );
    insert into public.merge_visit as k (account_id, dedup_key, placement_id, own_placement_id, response_id, expires_at)
    select v.account_id, v.dedup_key, v.placement_id, coalesce(own.placement_id, v.placement_id), v.response_id, v.expires_at
    from unnest(_ids, _counting_ids) as i (id, counting_id)
    join lateral (
        select h.dedup_key from public.merge_hold as h where h.account_id = _account_id and h.id = i.id
        union
        select m.dedup_key from public.merge_visit as m where m.account_id = _account_id and m.response_id = i.id
    ) as d on true
    join public.visit as v
        on v.account_id = _account_id and v.dedup_key = d.dedup_key and v.response_id = i.counting_id
    join public.response as f on f.account_id = _account_id and f.id = i.counting_id
    left join public.visit as own on own.account_id = _account_id and own.dedup_key = f.dedup_key
    on conflict (account_id, dedup_key) do update
    set own_placement_id = excluded.own_placement_id, response_id = excluded.response_id;
end;
$$;

comment on function fn.hold_responses is
'Takes responses out of the counted ones and keeps them with a merge, each with the one that counts for its visitor; returns where
they were counted. The visits lead to the one that counts.';
