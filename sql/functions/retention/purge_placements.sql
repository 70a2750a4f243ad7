create function fn.purge_placements(_account_id uuid, _placement_ids uuid[])
returns table (placements bigint, responses bigint)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _page_ids uuid[];
begin
    perform pg_advisory_xact_lock(hashtext('fn.roll_up_tallies'));
    perform from public.placement as c
    where c.account_id = _account_id and c.id = any (_placement_ids)
    order by c.id
    for update;
    with gone as (
        delete from public.response as f
        where f.account_id = _account_id and f.placement_id = any (_placement_ids)
        returning f.id, f.dedup_key
    ), states as (
        delete from public.message_state as m
        using gone as g
        where m.account_id = _account_id and m.response_id = g.id
    ), edits as (
        delete from public.response_edit as e
        using gone as g
        where e.account_id = _account_id and e.response_id = g.id
    ), visits as (
        delete from public.visit as v
        using gone as g
        where v.account_id = _account_id and v.dedup_key = g.dedup_key
    )
    select count(*) into responses from gone;
    delete from public.address_visit as a where a.account_id = _account_id and a.placement_id = any (_placement_ids);

    -- What was passed on to widgets and closed periods is taken back the way it came.
    update public.tally_day as t set count = 0
    where t.account_id = _account_id and t.placement_id = any (_placement_ids) and t.count <> 0;
    insert into public.tally_change (account_id, placement_id, day)
    select distinct t.account_id, t.placement_id, t.day
    from public.tally_day as t
    where t.account_id = _account_id and t.placement_id = any (_placement_ids)
    on conflict (account_id, placement_id, day) do nothing;
    while fn.roll_up_tallies(100000) > 0 loop
    end loop;
    perform fn.close_changed_periods(_account_id);

    delete from public.tally_day as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.reconciliation as r where r.account_id = _account_id and r.placement_id = any (_placement_ids);
    delete from public.tally as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    update public.widget as s
    set placements = s.placements - n.n
    from (
        select c.widget_id, count(*) as n
        from public.placement as c
        where c.account_id = _account_id and c.id = any (_placement_ids)
        group by c.widget_id
    ) as n
    where s.account_id = _account_id and s.id = n.widget_id;
    _page_ids := array(
        select c.page_id from public.placement as c where c.account_id = _account_id and c.id = any (_placement_ids)
    );
    delete from public.placement as c where c.account_id = _account_id and c.id = any (_placement_ids);
    get diagnostics placements = row_count;
    -- A page goes with the last widget on it.
    delete from public.page as p
    where p.account_id = _account_id and p.id = any (_page_ids) and not exists (
        select from public.placement as c where c.account_id = p.account_id and c.page_id = p.id
    );
    return next;
end;
$$;

comment on function fn.purge_placements is
'Deletes placements with their responses, and pages that have no other; widgets, windows and closed periods forget them too.
Returns how many placements and how many single responses there were.';
