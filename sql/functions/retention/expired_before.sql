create function fn.expired_before(_account_id uuid, _project_id uuid, _now timestamptz default now()) returns date
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select least(
            p.retained_from,
            (_now at time zone p.time_zone)::date - least(p.retention_days, fn.plan_retention(_account_id, _now))
        )
        from public.project as p
        where p.account_id = _account_id and p.id = _project_id and p.retained_from is not null
            and least(p.retention_days, fn.plan_retention(_account_id, _now)) is not null
    );
end;
$$;

comment on function fn.expired_before is
'The day before which a project''s responses may be deleted at this moment: that of its retained_from, unless its setting and the
promises of its account''s plans (fn.plan_retention) keep more by now. Null where nothing may be deleted.';
