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
    from public.billing as b
    left join public.subscription as s
        on s.account_id = _account_id and (
            s.status in ('active', 'trialing')
            or s.status = 'past_due' and s.past_due_at > _now - interval '14 days'
        )
    join public.plan as p on p.name = coalesce(s.plan, 'free')
    where b.is_on;
    if not found then
        return query select null::text, null::text, null::bigint, null::integer, null::integer, null::integer, false;
    end if;
end;
$$;

comment on function fn.account_plan is
'The limits that apply to an account: those of its paid plan, also for 14 days after a missed payment, otherwise of the free
plan. Null is unlimited, and everything is where billing is off.';
