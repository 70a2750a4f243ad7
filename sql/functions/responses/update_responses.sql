create function fn.update_responses(
    _account_ids uuid[], _ids uuid[], _option_nos smallint[], _bodies text[], _fields text[],
    _now timestamptz default now(),
    _new_account_ids uuid[] default null, _new_placement_ids uuid[] default null, _new_option_nos smallint[] default null,
    _new_days date[] default null
) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _count integer;
    _old record; -- of those that change: their positions, and what they were
    _moved record;
begin
    select count(*), array_agg(o.n) filter (where o.is_changed) as ns,
        array_agg(o.placement_id) filter (where o.is_changed) as placement_ids,
        array_agg(o.option_no) filter (where o.is_changed) as option_nos,
        array_agg(o.counted_on) filter (where o.is_changed) as days,
        array_agg(o.body) filter (where o.is_changed) as bodies,
        array_agg(o.fields) filter (where o.is_changed) as fields,
        array_agg(o.reason_nos::text) filter (where o.is_changed) as reasons
    into _old
    from (
        select i.n, f.placement_id, f.option_no, f.counted_on, f.body, f.fields, f.reason_nos, (f.option_no, f.body, f.fields)
            is distinct from (i.option_no, coalesce(i.body, f.body), coalesce(i.fields::jsonb, f.fields)) as is_changed
        from unnest(_ids, _option_nos, _bodies, _fields) with ordinality as i (id, option_no, body, fields, n)
        join public.response as f on f.account_id = _account_ids[i.n] and f.id = i.id
        order by f.account_id, f.id
        for update of f
    ) as o;
    _count := _old.count;

    if _old.ns is not null then
        update public.response as f
        -- A vote that is given again has no words: those of its follow-up stay, and the reasons if it is the same vote.
        set option_no = i.option_no, body = coalesce(i.body, f.body), fields = coalesce(i.fields::jsonb, f.fields),
            reason_nos = case when f.option_no = i.option_no then f.reason_nos end, edited_at = _now
        from unnest(_ids, _option_nos, _bodies, _fields) with ordinality as i (id, option_no, body, fields, n)
        where f.account_id = _account_ids[i.n] and f.id = i.id and i.n = any (_old.ns);
        insert into public.response_edit (account_id, response_id, edited_at, option_no, body, fields, reason_nos)
        select _account_ids[o.n], _ids[o.n], _now, o.option_no, o.body, o.fields, o.reasons::smallint[]
        from unnest(_old.ns, _old.option_nos, _old.bodies, _old.fields, _old.reasons)
            as o (n, option_no, body, fields, reasons)
        where (
            select count(*) from public.response_edit as e
            where e.account_id = _account_ids[o.n] and e.response_id = _ids[o.n]
        ) < 50
        on conflict (account_id, response_id, edited_at) do nothing;
    end if;

    select array_agg(m.account_id) as account_ids, array_agg(m.placement_id) as placement_ids,
        array_agg(m.option_no) as option_nos, array_agg(m.day) as days, array_agg(m.delta) as deltas,
        array_agg(m.reasons) as reasons
    into _moved
    from (
        select _account_ids[o.n] as account_id, o.placement_id, c.option_no, o.day, c.delta, c.reasons
        from unnest(_old.ns, _old.placement_ids, _old.option_nos, _old.days, _old.reasons)
            as o (n, placement_id, option_no, day, reasons)
        cross join lateral (values (o.option_no, -1, o.reasons), (_option_nos[o.n], 1, null))
            as c (option_no, delta, reasons)
        where o.option_no <> _option_nos[o.n] and o.day is not null
        union all
        select account_id, placement_id, option_no, day, 1, null
        from unnest(_new_account_ids, _new_placement_ids, _new_option_nos, _new_days)
            as n (account_id, placement_id, option_no, day)
    ) as m;
    perform fn.add_response_tallies(
        _moved.account_ids, _moved.placement_ids, _moved.option_nos, _moved.days, _moved.deltas, _moved.reasons
    );
    return _count;
end;
$$;

comment on function fn.update_responses is
'Updates responses and moves their counts, on the days they were counted; responses of test mode have none. Earlier versions are
stored (response_edit); context and visitor stay, a null body or null fields, too, and the reasons of an option that stays. Returns how many responses exist. The _new arrays are responses to count along
with them: a transaction calls fn.add_tallies once, after locking its responses, so that none waits for each other in a
circle.';
