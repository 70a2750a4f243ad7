create function fn.price_plan(_account_id uuid, _price jsonb, _known_plan text) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _monthly numeric := (_price ->> 'amount')::numeric / nullif(coalesce((_price ->> 'unit_count')::integer, 1), 0)
        / case _price ->> 'unit' when 'year' then 12 else 1 end;
begin
    return coalesce(
        (select r.plan from public.plan_price as r where r.price_id = _price ->> 'price_id'),
        (select p.name from public.plan as p where p.name = _price ->> 'plan' and p.name <> 'free'),
        _known_plan,
        (
            select e.plan from public.entitlement as e
            where e.account_id = _account_id order by e.starts_at desc, e.id desc limit 1
        ),
        (
            select p.name from public.plan as p
            where p.name <> 'free' and p.currency = _price ->> 'currency' and p.monthly <= _monthly
            order by p.position desc limit 1
        ),
        (select p.name from public.plan as p where p.name <> 'free' order by p.position limit 1)
    );
end;
$$;

comment on function fn.price_plan is
'The plan that a subscription''s price stands for: by the prices known here; else the plan that it was sold as, or that price and
subscription name in their metadata; else the last known plan of the subscription or the account; else the largest plan that costs
no more, at least the smallest paid one. Whoever pays is never on the free plan.';
