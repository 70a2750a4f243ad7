create function fn.release_visits(_merge public.page_merge) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _account_id uuid := _merge.account_id;
    _none text;
begin
    -- A visit at one of the two pages because of a response on the other.
    with apart as (
        delete from public.merge_visit as k
        using (
            select array_agg(c.id) as ids from public.placement as c
            where c.account_id = _account_id and c.page_id = _merge.source_id
        ) as s
        where k.account_id = _account_id and (k.placement_id = any (s.ids)) <> (k.own_placement_id = any (s.ids))
        returning k.dedup_key
    )
    delete from public.visit as v
    using apart as a
    where v.account_id = _account_id and v.dedup_key = a.dedup_key;
    with hold as (
        delete from public.merge_hold as h
        where h.account_id = _account_id and h.merge_id = _merge.id
        returning h.*
    ), visit as (
        insert into public.visit as v (account_id, dedup_key, placement_id, response_id, expires_at)
        select h.account_id, h.dedup_key, h.visit_placement_id,
            case when h.is_past then '00000000-0000-0000-0000-000000000000' else h.id end, h.visit_expires_at
        from hold as h
        where h.dedup_key is not null and h.visit_expires_at > now()
        order by h.dedup_key
        on conflict (account_id, dedup_key) do update set response_id = excluded.response_id
    ), response as (
        insert into public.response (
            account_id, id, widget_id, placement_id, option_no, counted_on, created_at, edited_at, visitor, dedup_key, context,
            body, reason_nos, contact
        )
        select h.account_id, h.id, h.widget_id, h.placement_id, h.option_no, h.counted_on, h.created_at, h.edited_at,
            h.visitor, h.dedup_key, h.context, h.body, h.reason_nos, h.contact
        from hold as h
        where not h.is_past
    ), edit as (
        insert into public.response_edit (account_id, response_id, edited_at, option_no, body, reason_nos)
        select h.account_id, h.id, (e.edit ->> 'edited_at')::timestamptz, (e.edit ->> 'option_no')::smallint,
            e.edit ->> 'body', (e.edit ->> 'reason_nos')::smallint[]
        from hold as h
        cross join lateral jsonb_array_elements(h.edits) as e (edit)
        where not h.is_past
    )
    select fn.add_response_tallies(
        array_agg(h.account_id), array_agg(h.placement_id), array_agg(h.option_no), array_agg(h.counted_on),
        array_fill(1, array[count(*)::integer]), array_agg(h.reason_nos::text)
    )
    into _none
    from hold as h
    where h.counted_on is not null
    having count(*) > 0;
end;
$$;

comment on function fn.release_visits is
'For a merge that is undone: takes back visits that exist because of it, and puts back the responses that it holds, with their
visits and counts.';
