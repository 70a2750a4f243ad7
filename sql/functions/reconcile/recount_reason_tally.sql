create function fn.recount_reason_tally(_account_id uuid, _project_id uuid) returns setof public.reason_tally
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select c.account_id, c.id, t.reason_no, sum(t.count)::bigint
    from public.widget as w
    join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
    join public.reason_tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
    where w.account_id = _account_id and w.project_id = _project_id
    group by c.account_id, c.id, t.reason_no;
end;
$$;

comment on function fn.recount_reason_tally is
'What reason_tally should hold of a project: the sums of reason_tally_day.';
