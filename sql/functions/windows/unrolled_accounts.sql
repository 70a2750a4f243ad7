-- Called by jobs as installation.
create function fn.unrolled_accounts(_now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _until timestamptz := fn.full_hour(_now);
begin
    return query
    select distinct p.account_id
    from public.project as p
    left join public.project_roll as r on r.account_id = p.account_id and r.project_id = p.id
    where (r.through, r.counted_until, r.time_zone)
        is distinct from ((_now at time zone p.time_zone)::date, _until, p.time_zone);
end;
$$;

comment on function fn.unrolled_accounts is
'Accounts with projects whose windows are not those of today and the full hour (fn.roll_windows).';
