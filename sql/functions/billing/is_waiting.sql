-- Called by panel as installation.
create function fn.is_waiting(_customer_id text, _now timestamptz default now()) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select 1 from public.billing_event as e
        where e.customer_id = _customer_id and e.outcome is null and e.id like 'own\_%'
            and e.received_at > _now - interval '30 seconds'
    );
end;
$$;

comment on function fn.is_waiting is
'Whether the panel requested a customer''s data from Stripe within 30 seconds and it has not arrived.';
