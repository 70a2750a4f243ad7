-- Called by jobs as installation.
create function fn.sync_plan_prices(_is_on boolean, _prices jsonb) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _now constant timestamptz := now();
begin
    update public.billing set is_on = _is_on, on_since = case when _is_on then _now end where is_on <> _is_on;
    if not _is_on then
        return;
    end if;
    update public.plan_price set is_offered = false
    where is_offered and price_id not in (select g ->> 'price_id' from jsonb_array_elements(_prices) as g);
    insert into public.plan_price as p (price_id, plan, unit, is_offered, amount, currency)
    select g ->> 'price_id', g ->> 'plan', g ->> 'unit', true, (g ->> 'amount')::bigint, g ->> 'currency'
    from jsonb_array_elements(_prices) as g
    join public.plan as n on n.name = g ->> 'plan'
    on conflict (price_id) do update set plan = excluded.plan, unit = excluded.unit, is_offered = true,
            amount = coalesce(excluded.amount, p.amount), currency = coalesce(excluded.currency, p.currency)
        where (p.plan, p.unit, p.is_offered, p.amount, p.currency) is distinct from (
            excluded.plan, excluded.unit, true, coalesce(excluded.amount, p.amount), coalesce(excluded.currency, p.currency)
        );
    update public.plan as n
    set monthly = coalesce(g.monthly, n.monthly), yearly = coalesce(g.yearly, n.yearly),
        currency = coalesce(g.currency, n.currency)
    from (
        select g ->> 'plan' as plan, min(g ->> 'currency') as currency,
            max((g ->> 'amount')::bigint) filter (where g ->> 'unit' = 'month') as monthly,
            max((g ->> 'amount')::bigint) filter (where g ->> 'unit' = 'year') as yearly
        from jsonb_array_elements(_prices) as g
        group by 1
    ) as g
    where g.plan = n.name and (n.monthly, n.yearly, n.currency) is distinct from
        (coalesce(g.monthly, n.monthly), coalesce(g.yearly, n.yearly), coalesce(g.currency, n.currency));
end;
$$;

comment on function fn.sync_plan_prices is
'Turns billing on or off, as the settings say. _prices is a JSON array of {plan, unit, price_id, amount, currency} on offer; an
amount of null leaves the stored one.';
