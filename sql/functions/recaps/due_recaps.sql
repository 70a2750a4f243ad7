-- Called by jobs as installation.
create function fn.due_recaps(_now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select distinct p.account_id
    from (
        select p.*, u.unit,
            fn.period_start(u.unit, ((_now at time zone p.time_zone) - interval '8 hours')::date) as ends_on
        from public.project as p
        cross join (values ('week'), ('month')) as u (unit)
        where p.archived_at is null
    ) as p
    join public.account as a on a.id = p.account_id and a.deletion_at is null
    join public.period_close as c on c.account_id = p.account_id and c.project_id = p.id and c.unit = p.unit
    left join public.recap_turn as t on t.account_id = p.account_id and t.project_id = p.id and t.unit = p.unit
    where c.starts_on >= (p.ends_on - ('1 ' || p.unit)::interval)::date
        and (
            t.starts_on < (p.ends_on - ('1 ' || p.unit)::interval)::date
            or t.starts_on is null and p.created_at <= (p.ends_on + time '08:00') at time zone p.time_zone
        );
end;
$$;

comment on function fn.due_recaps is
'Accounts with recaps that are due (fn.enqueue_recaps).';
