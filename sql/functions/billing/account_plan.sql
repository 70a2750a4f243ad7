-- Called by panel as installation.
create function fn.account_plan(_account_id uuid, _now timestamptz default now())
returns table (
    name text, title text, responses bigint, projects integer, members integer, retention_days integer, is_on boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select p.name, p.title, p.responses, p.projects, p.members, p.retention_days, true
    from public.plan as p
    where exists (select 1 from public.billing as b where b.is_on) and (
        p.name = 'free' or exists (
            select 1 from public.entitlement as e
            where e.account_id = _account_id and e.plan = p.name and e.reason <> 'retention'
                and e.starts_at <= _now and coalesce(e.ends_at, 'infinity') > _now
        )
    )
    order by p.position desc
    limit 1;
    if not found then
        return query select null::text, null::text, null::bigint, null::integer, null::integer, null::integer, false;
    end if;
end;
$$;

comment on function fn.account_plan is
'The limits that apply to an account: those of the best plan that it has a right to at _now (entitlement), otherwise of the free
plan. Null is unlimited, and everything is where billing is off.';
