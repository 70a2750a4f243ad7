create function fn.purge_project(_account_id uuid, _id uuid)
returns table (widgets bigint, placements bigint, responses bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _widget_ids uuid[];
    _placement_ids uuid[];
    _lookup_keys bytea[];
begin
    perform fn.lock_roll_up(_account_id);
    perform from public.widget as s
    where s.account_id = _account_id and s.project_id = _id
    order by s.id
    for update;
    perform from public.page as p where p.account_id = _account_id and p.project_id = _id order by p.id for update;
    -- Waits for responses that are being stored; those that come later find no placement.
    perform from public.placement as c
    where c.account_id = _account_id and c.widget_id in (
        select s.id from public.widget as s where s.account_id = _account_id and s.project_id = _id
    )
    order by c.id
    for update;
    _widget_ids := array(select s.id from public.widget as s where s.account_id = _account_id and s.project_id = _id);
    _placement_ids := array(
        select c.id from public.placement as c where c.account_id = _account_id and c.widget_id = any (_widget_ids)
    );
    widgets := cardinality(_widget_ids);
    placements := cardinality(_placement_ids);
    with deleted as (
        delete from public.response as f
        where f.account_id = _account_id and f.widget_id = any (_widget_ids)
        returning f.id, f.dedup_key
    ), edits as (
        delete from public.response_edit as e using deleted as d where e.account_id = _account_id and e.response_id = d.id
    ), visits as (
        delete from public.visit as v using deleted as d where v.account_id = _account_id and v.dedup_key = d.dedup_key
    )
    select count(*) into responses from deleted;

    delete from public.visit as v  -- those whose response retention has deleted
    where v.account_id = _account_id and v.placement_id = any (_placement_ids)
        and v.response_id = '00000000-0000-0000-0000-000000000000';

    perform fn.purge_merges(_account_id, _placement_ids);
    -- Sums need no correction: all of them are deleted too.
    delete from public.address_visit as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.tally as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.tally_day as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.reason_tally_day as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.reason_tally as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.seen_day as t
    where t.account_id = _account_id and t.scope_id = any (_placement_ids || _widget_ids);
    delete from public.tally_change as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.placement_window as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.placement_score as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.page_score as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.reconciliation as t
    where t.account_id = _account_id
        and (t.project_id = _id or t.placement_id = any (_placement_ids || _widget_ids || _id));
    delete from public.reconcile_result as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.retention_result as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.widget_day as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.project_day as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.widget_hour as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.widget_window as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.period as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.period_close as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.period_change as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.network_day as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.project_roll as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.event as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.event_response as t where t.account_id = _account_id and t.project_id = _id;
    -- By a variable: on Citus no statement has both a table of the coordinator and one of tenants.
    _lookup_keys := array(
        select k.token_hash from public.api_key as k where k.account_id = _account_id and k.project_id = _id
        union all
        select uuid_send(w.id) from unnest(_widget_ids) as w (id)
    );
    delete from public.directory as d where d.account_id = _account_id and d.lookup_key = any (_lookup_keys);
    -- Before their pages: the cascade from project would reach both in no certain order.
    delete from public.page_merge as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.placement as c where c.account_id = _account_id and c.id = any (_placement_ids);
    delete from public.page as p where p.account_id = _account_id and p.project_id = _id;
    delete from public.project as p where p.account_id = _account_id and p.id = _id;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404';
    end if;
    return next;
end;
$$;

comment on function fn.purge_project is
'Deletes a project with its widgets, pages, responses and counts. Returns how many widgets, placements and responses there
were; FB404 where there is no such project.';
