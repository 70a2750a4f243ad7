-- Called by app as installation.
create function fn.offered_plans()
returns table (
    name text, title text, responses bigint, projects integer, members integer, retention_days integer, monthly bigint,
    yearly bigint, currency text, monthly_price_id text, yearly_price_id text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.name, p.title, p.responses, p.projects, p.members, p.retention_days, m.amount, y.amount,
        coalesce(m.currency, y.currency, (select min(r.currency) from public.plan_price as r where r.is_offered), p.currency),
        m.price_id, y.price_id
    from public.plan as p
    left join public.plan_price as m on m.plan = p.name and m.unit = 'month' and m.is_offered
    left join public.plan_price as y on y.plan = p.name and y.unit = 'year' and y.is_offered
    where p.name = 'free' or m.price_id is not null or y.price_id is not null
    order by p.position;
end;
$$;

comment on function fn.offered_plans is
'Plans on offer, in order, with Stripe''s prices for a month and a year; a plan without any is not on offer. An amount is null until Stripe
has said it.';
