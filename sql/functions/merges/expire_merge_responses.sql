create function fn.expire_merge_responses(_account_id uuid, _ids uuid[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    with origin as (
        delete from public.merge_response as m
        where m.account_id = _account_id and m.response_id = any (_ids)
        returning m.*
    ), mention as (
        insert into public.merge_reason_tally as t (account_id, merge_id, placement_id, day, reason_no, count, expires_at)
        select o.account_id, o.merge_id, o.placement_id, f.counted_on, r.no, count(*), min(o.expires_at)
        from origin as o
        join public.response as f on f.account_id = o.account_id and f.id = o.response_id
        cross join lateral unnest(f.reason_nos) as r (no)
        where f.counted_on is not null
        group by o.account_id, o.merge_id, o.placement_id, f.counted_on, r.no
        on conflict (account_id, merge_id, placement_id, day, reason_no) do update set count = t.count + excluded.count
    )
    insert into public.merge_tally as t (account_id, merge_id, placement_id, day, option_no, count, expires_at)
    select o.account_id, o.merge_id, o.placement_id, f.counted_on, f.option_no, count(*), min(o.expires_at)
    from origin as o
    join public.response as f on f.account_id = o.account_id and f.id = o.response_id
    where f.counted_on is not null
    group by o.account_id, o.merge_id, o.placement_id, f.counted_on, f.option_no
    on conflict (account_id, merge_id, placement_id, day, option_no) do update set count = t.count + excluded.count;
    -- As fn.delete_expired_batch does with the visit of the response.
    with other as (
        update public.merge_visit as k set response_id = '00000000-0000-0000-0000-000000000000'
        where k.account_id = _account_id and k.response_id = any (_ids)
        returning k.dedup_key
    )
    update public.visit as v set response_id = '00000000-0000-0000-0000-000000000000'
    from other as o
    where v.account_id = _account_id and v.dedup_key = o.dedup_key;
end;
$$;

comment on function fn.expire_merge_responses is
'Of responses that retention is about to delete: records the counts that undoing a merge returns, and takes the responses off their
visits at other addresses.';
