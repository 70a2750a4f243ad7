create function fn.subscription_entitlements(_account_id uuid)
returns table (subscription_id text, plan text, reason text, ends_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select s.id, s.plan,
        case s.status when 'active' then 'subscription' when 'trialing' then 'trial' else 'grace' end,
        -- The grace period lasts as long as people were told, whatever Stripe does with the subscription meanwhile.
        case when s.status not in ('active', 'trialing') then s.past_due_at + interval '14 days' end
    from public.customer_subscription as s
    where s.account_id = _account_id and s.plan is not null
        and (s.status in ('active', 'trialing') or s.past_due_at is not null)
        -- A second trial gives nothing, nor does its first payment while it is missing.
        and not (
            s.is_trial_repeated
            and (s.status = 'trialing' or s.past_due_at is not null and s.past_due_at <= s.trial_ends_at + interval '1 day')
        );
end;
$$;

comment on function fn.subscription_entitlements is
'What the subscriptions of an account give it: their plans, why, and until when (null: while nothing ends it).';
