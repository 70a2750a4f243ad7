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
    _none text;
begin
    perform from public.response as f
    join unnest(_account_ids, _ids) as i (account_id, id) on f.account_id = i.account_id and f.id = i.id
    order by f.account_id, f.id
    for update of f;
    get diagnostics _count = row_count;

    with i as (
        select account_id, id, option_no, body, fields::jsonb as fields
        from unnest(_account_ids, _ids, _option_nos, _bodies, _fields) as i (account_id, id, option_no, body, fields)
    ), before as (
        select f.account_id, f.id, f.placement_id, f.option_no, f.counted_on, f.body, f.fields, f.reason_nos
        from public.response as f
        join i on f.account_id = i.account_id and f.id = i.id
    ), after as (
        update public.response as f
        -- A vote that is given again has no words: those of its follow-up stay, and the reasons if it is the same vote.
        set option_no = i.option_no, body = coalesce(i.body, f.body), fields = coalesce(i.fields, f.fields),
            reason_nos = case when f.option_no = i.option_no then f.reason_nos end, edited_at = _now
        from i
        where f.account_id = i.account_id and f.id = i.id
            and (f.option_no, f.body, f.fields)
                is distinct from (i.option_no, coalesce(i.body, f.body), coalesce(i.fields, f.fields))
        returning f.account_id, f.id, f.placement_id, f.option_no, f.counted_on
    ), edit as (
        insert into public.response_edit (account_id, response_id, edited_at, option_no, body, fields, reason_nos)
        select b.account_id, b.id, _now, b.option_no, b.body, b.fields, b.reason_nos
        from before as b join after as a using (account_id, id)
        where (
            select count(*) from public.response_edit as e where e.account_id = b.account_id and e.response_id = b.id
        ) < 50
        on conflict (account_id, response_id, edited_at) do nothing
    ), moved as (
        select b.account_id, b.placement_id, b.option_no, b.counted_on, -1 as delta, b.reason_nos::text as reasons
        from before as b join after as a using (account_id, id)
        where a.option_no <> b.option_no and a.counted_on is not null
        union all
        select a.account_id, a.placement_id, a.option_no, a.counted_on, 1, null
        from before as b join after as a using (account_id, id)
        where a.option_no <> b.option_no and a.counted_on is not null
        union all
        select account_id, placement_id, option_no, day, 1, null
        from unnest(_new_account_ids, _new_placement_ids, _new_option_nos, _new_days)
            as n (account_id, placement_id, option_no, day)
    )
    select fn.add_response_tallies(
        array_agg(account_id), array_agg(placement_id), array_agg(option_no), array_agg(counted_on), array_agg(delta),
        array_agg(reasons)
    )
    into _none
    from moved;
    return _count;
end;
$$;

comment on function fn.update_responses is
'Updates responses and moves their counts, on the days they were counted; responses of test mode have none. Earlier versions are
stored (response_edit); context and visitor stay, a null body or null fields, too, and the reasons of an option that stays. Returns how many responses exist. The _new arrays are responses to count along
with them: a transaction calls fn.add_tallies once, after locking its responses, so that none waits for each other in a
circle.';
