create function fn.notify_figures(_account_ids uuid[], _placement_ids uuid[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_notify('figures', p.project_id::text)
    from (
        select distinct s.project_id
        from unnest(_account_ids, _placement_ids) as i (account_id, placement_id)
        join public.placement as c on c.account_id = i.account_id and c.id = i.placement_id
        join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
    ) as p;
end;
$$;

comment on function fn.notify_figures is
'Notifies open screens on commit that the numbers of these placements'' projects changed, once per project, by its id. Part of
fn.roll_up_tallies.';
