create function fn.notify_figures(_account_id uuid, _placement_ids uuid[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- First, so that it is not the node of the account that notifies, to which nobody listens.
    _project_ids uuid[] := array(
        select distinct s.project_id
        from public.placement as c
        join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
        where c.account_id = _account_id and c.id = any (_placement_ids)
    );
begin
    perform pg_notify('figures', p.id::text) from unnest(_project_ids) as p (id);
end;
$$;

comment on function fn.notify_figures is
'Notifies open screens on commit that the numbers of these placements'' projects changed, once per project, by its id. Part of
fn.roll_up_tallies.';
