-- Called by panel as installation.
create function fn.plan_retention(_account_id uuid, _now timestamptz default now()) returns integer
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select 1 from public.billing as b where b.is_on and b.on_since <= _now - interval '30 days') then
        return null;
    end if;
    return (
        select case when bool_and(p.retention_days is not null) then max(p.retention_days) end
        from public.plan as p
        where p.name = 'free' or exists (
            select 1 from public.entitlement as e
            where e.account_id = _account_id and e.plan = p.name
                -- What is promised lasts as long as promised. Any other plan is kept to for 30 days after it ended: nothing
                -- depends on the promise having been written.
                and coalesce(e.ends_at, 'infinity')
                    + case e.reason when 'retention' then interval '0' else interval '30 days' end > _now
        )
    );
end;
$$;

comment on function fn.plan_retention is
'The most days for which an account''s responses are kept: the longest of its plans, of those that ended within 30 days, and of those
whose retention is promised. Null is unlimited, as are the first 30 days of billing.';
