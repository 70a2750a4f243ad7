create function fn.recount_widget(_account_id uuid, _project_id uuid)
returns table (account_id uuid, id uuid, placements integer)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select w.account_id, w.id, count(c.id)::integer
    from public.widget as w
    left join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
    where w.account_id = _account_id and w.project_id = _project_id
    group by w.account_id, w.id;
end;
$$;

comment on function fn.recount_widget is 'How many placements each widget of a project has.';
