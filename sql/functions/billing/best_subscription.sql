create function fn.best_subscription(_old public.subscription) returns public.subscription
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _rank constant text[] := '{incomplete,paused,unpaid,past_due,trialing,active}';
    _best public.customer_subscription;
    _new public.subscription := _old;
begin
    select s.* into _best
    from public.customer_subscription as s
    left join public.plan as p on p.name = s.plan
    where s.account_id = _old.account_id and s.status = any (_rank)
    order by s.status in ('active', 'trialing') desc, p.position desc nulls last, array_position(_rank, s.status) desc,
        s.created_at, s.id
    limit 1;
    _new.customer_id := coalesce(_best.customer_id, _old.customer_id);
    _new.subscription_id := _best.id;
    _new.item_id := _best.item_id;
    _new.status := _best.status;
    _new.plan := _best.plan;
    _new.unit := case when _best.unit in ('month', 'year') then _best.unit end;
    _new.period_ends_at := _best.period_ends_at;
    _new.trial_ends_at := _best.trial_ends_at;
    _new.cancel_at := _best.cancel_at;
    _new.past_due_at := case when _best.status = 'past_due' then _best.past_due_at end;
    return _new;
end;
$$;

comment on function fn.best_subscription is
'The subscription of an account that counts: of those that have not ended one that is paid, the one with the best plan. Its customer
becomes the account''s.';
