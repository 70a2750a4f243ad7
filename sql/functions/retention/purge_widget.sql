create function fn.purge_widget(_account_id uuid, _id uuid)
returns table (placements bigint, responses bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _placement_ids uuid[];
begin
    perform fn.lock_roll_up(_account_id);
    -- From here on nobody creates another placement of it.
    perform from public.widget as s where s.account_id = _account_id and s.id = _id for update;
    _placement_ids := array(
        select c.id from public.placement as c where c.account_id = _account_id and c.widget_id = _id
    );
    select d.placements, d.responses into placements, responses from fn.purge_placements(_account_id, _placement_ids) as d;
    delete from public.widget_day as t where t.account_id = _account_id and t.widget_id = _id;
    delete from public.widget_hour as t where t.account_id = _account_id and t.widget_id = _id;
    delete from public.widget_window as t where t.account_id = _account_id and t.widget_id = _id;
    delete from public.seen_day as t where t.account_id = _account_id and t.scope_id = _id;
    delete from public.reconciliation as r where r.account_id = _account_id and r.placement_id = _id;
    delete from public.directory as d where d.account_id = _account_id and d.lookup_key = uuid_send(_id);
    delete from public.widget as s where s.account_id = _account_id and s.id = _id;
    if not found then
        raise exception 'There is no such widget.' using errcode = 'FB404';
    end if;
    return next;
end;
$$;

comment on function fn.purge_widget is
'Deletes a widget with its placements, responses and counts. Returns how many placements and responses there were; FB404.';
