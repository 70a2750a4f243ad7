-- Called by ingest as installation.
create function fn.add_refusals(
    _account_ids uuid[], _project_ids uuid[], _reasons text[], _origins text[], _counts bigint[],
    _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    insert into public.refusal as r (account_id, project_id, hour, reason, origin, count)
    select p.account_id, p.id, date_trunc('hour', _now), i.reason, i.origin, sum(i.count)
    from unnest(_project_ids, _reasons, _origins, _counts) with ordinality as i (project_id, reason, origin, count, n)
    join public.project as p on p.account_id = _account_ids[i.n] and p.id = i.project_id
    group by p.account_id, p.id, i.reason, i.origin
    order by p.account_id, p.id, i.reason, i.origin
    on conflict (account_id, project_id, hour, reason, origin) do update set count = r.count + excluded.count;
end;
$$;

comment on function fn.add_refusals is 'Adds refused responses to the counters of the hour, by project, reason and origin.';
