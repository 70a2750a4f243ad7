-- Called by panel as installation.
create function fn.enqueue_billing(_customer_id text, _now timestamptz default clock_timestamp()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- One that waits already will ask after this.
    if not exists (
        select 1 from public.billing_event as e
        where e.customer_id = _customer_id and e.id like 'own\_%' and e.outcome is null and e.attempts = 0
            and e.next_at <= _now and e.received_at > _now - interval '5 seconds'
    ) then
        insert into public.billing_event (id, type, customer_id, created_at, received_at, next_at)
        values ('own_' || fn.uuid_v7(_now), 'panel', _customer_id, _now, _now, _now);
    end if;
    perform pg_notify('billing', '');
end;
$$;

comment on function fn.enqueue_billing is 'Has the worker fetch a customer from Stripe.';
