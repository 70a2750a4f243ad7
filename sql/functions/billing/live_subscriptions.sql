-- Called by panel as installation.
create function fn.live_subscriptions(_account_id uuid) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select coalesce(jsonb_agg(
            jsonb_build_object(
                'id', s.id, 'title', p.title, 'status', s.status, 'unit', s.unit, 'amount', s.amount, 'currency', s.currency,
                'cancel_at', s.cancel_at
            ) order by s.created_at, s.id
        ), '[]')
        from public.customer_subscription as s
        left join public.plan as p on p.name = s.plan
        where s.account_id = _account_id and s.status in ('active', 'trialing', 'past_due', 'unpaid', 'paused')
    );
end;
$$;

comment on function fn.live_subscriptions is 'The subscriptions of an account that have not ended, as JSON; the oldest first.';
