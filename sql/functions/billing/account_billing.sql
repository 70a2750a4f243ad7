-- Called by app as account.
create function fn.account_billing(_account_id uuid, _role text default 'admin', _now timestamptz default now())
returns table (
    role text, account_name text, plan text, plan_title text, paid_plan text, customer_id text, subscription_id text,
    item_id text, status text, unit text, period_ends_at timestamptz, trial_ends_at timestamptz, cancel_at timestamptz,
    grace_ends_at timestamptz, payment_method text, tax_ids text, is_waiting boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform fn.allow(_account_id, _role);
    return query
    select
        m.role, a.name, p.name, p.title, s.plan, s.customer_id, s.subscription_id, s.item_id, s.status, s.unit,
        s.period_ends_at, s.trial_ends_at, s.cancel_at,
        case when s.status = 'past_due' then s.past_due_at + interval '14 days' end,
        coalesce(s.payment_method, ''), coalesce(s.tax_ids, '[]')::text,
        s.customer_id is not null and fn.is_waiting(s.customer_id, _now)
    from public.account as a
    cross join fn.account_plan(_account_id, _now) as p
    left join public.subscription as s on s.account_id = a.id
    left join public.member as m
        on m.account_id = a.id and m.person_id = nullif(current_setting('feelback.person_id', true), '')::uuid
    where a.id = _account_id;
end;
$$;

comment on function fn.account_billing is
'Billing of an account for members with at least _role: the plan whose limits apply, the paid plan and its state, and whether
Stripe''s newest data is being fetched.';
