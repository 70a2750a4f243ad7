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
    select i.account_id, i.project_id, date_trunc('hour', _now), i.reason, i.origin, sum(i.n)
    from unnest(_account_ids, _project_ids, _reasons, _origins, _counts) as i (account_id, project_id, reason, origin, n)
    join public.project as p on p.account_id = i.account_id and p.id = i.project_id
    group by i.account_id, i.project_id, i.reason, i.origin
    order by i.account_id, i.project_id, i.reason, i.origin
    on conflict (account_id, project_id, hour, reason, origin) do update set count = r.count + excluded.count;
end;
$$;

comment on function fn.add_refusals is 'Adds refused responses to the counters of the hour, by project, reason and origin.';
