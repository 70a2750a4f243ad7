create function fn.purge_placements(_account_id uuid, _placement_ids uuid[])
returns table (placements bigint, responses bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _page_ids uuid[];
    _project_ids uuid[];
    _ids uuid[];
begin
    perform fn.lock_roll_up(_account_id);
    -- Aliases go with their page.
    _placement_ids := array(
        select c.id from public.placement as c
        where c.account_id = _account_id and (c.id = any (_placement_ids) or c.target_id = any (_placement_ids))
    );
    -- The order of fn.create_placements: widgets, pages, placements.
    perform from public.widget as w
    where w.account_id = _account_id and w.id in (
        select c.widget_id from public.placement as c where c.account_id = _account_id and c.id = any (_placement_ids)
    )
    order by w.id
    for no key update;
    _page_ids := array(
        select c.page_id from public.placement as c where c.account_id = _account_id and c.id = any (_placement_ids)
    );
    perform from public.page as p where p.account_id = _account_id and p.id = any (_page_ids) order by p.id for update;
    -- Waits for responses that are being stored; those that come later find no placement.
    perform from public.placement as c
    where c.account_id = _account_id and c.id = any (_placement_ids)
    order by c.id
    for update;
    with deleted as (
        delete from public.response as f
        where f.account_id = _account_id and f.placement_id = any (_placement_ids)
        returning f.id, f.dedup_key
    ), visits as (
        delete from public.visit as v
        using deleted as d
        where v.account_id = _account_id and v.dedup_key = d.dedup_key
    )
    select array_agg(d.id) into _ids from deleted as d;
    perform fn.delete_response_parts(_account_id, _ids);
    responses := coalesce(cardinality(_ids), 0);
    delete from public.visit as v  -- those whose response retention has deleted
    where v.account_id = _account_id and v.placement_id = any (_placement_ids)
        and v.response_id = '00000000-0000-0000-0000-000000000000';
    perform fn.purge_merges(_account_id, _placement_ids);
    delete from public.address_visit as a where a.account_id = _account_id and a.placement_id = any (_placement_ids);

    -- Counts that widgets, windows and closed periods contain are subtracted from them.
    update public.tally_day as t set count = 0
    where t.account_id = _account_id and t.placement_id = any (_placement_ids) and t.count <> 0;
    insert into public.tally_change (account_id, placement_id, day)
    select distinct t.account_id, t.placement_id, t.day
    from public.tally_day as t
    where t.account_id = _account_id and t.placement_id = any (_placement_ids)
    on conflict (account_id, placement_id, day) do nothing;
    while fn.roll_up_tallies(_account_id, 100000) > 0 loop
    end loop;
    perform fn.close_changed_periods(_account_id);
    _project_ids := array(
        select distinct w.project_id
        from public.placement as c
        join public.widget as w on w.account_id = c.account_id and w.id = c.widget_id
        where c.account_id = _account_id and c.id = any (_placement_ids)
    );
    perform fn.cut_windows(_account_id, _project_ids);

    delete from public.tally_day as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.reconciliation as r where r.account_id = _account_id and r.placement_id = any (_placement_ids);
    delete from public.tally as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.reason_tally_day as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.reason_tally as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    perform fn.purge_seen_counts(_account_id, _placement_ids);
    update public.widget as s
    set placements = s.placements - n.n
    from (
        select c.widget_id, count(*) as n
        from public.placement as c
        where c.account_id = _account_id and c.id = any (_placement_ids)
        group by c.widget_id
    ) as n
    where s.account_id = _account_id and s.id = n.widget_id;
    delete from public.placement as c where c.account_id = _account_id and c.id = any (_placement_ids);
    get diagnostics placements = row_count;
    -- A page goes with the last widget on it.
    delete from public.page as p
    where p.account_id = _account_id and p.id = any (_page_ids) and not exists (
        select 1 from public.placement as c where c.account_id = p.account_id and c.page_id = p.id
    );
    return next;
end;
$$;

comment on function fn.purge_placements is
'Deletes placements with their responses, subtracts their counts from widgets, windows and closed periods, and deletes pages
that are left without a placement. Returns how many placements and how many responses there were.';
