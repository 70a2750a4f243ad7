create function fn.update_invoices(_account_id uuid, _invoices jsonb) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.invoice as i (account_id, id, number, status, total, currency, created_at)
    select _account_id, g ->> 'id', coalesce(g ->> 'number', ''), g ->> 'status', (g ->> 'total')::bigint,
        g ->> 'currency', to_timestamp((g ->> 'created')::bigint)
    from jsonb_array_elements(_invoices) as g
    on conflict (account_id, id) do update
        set number = excluded.number, status = excluded.status, total = excluded.total
        where (i.number, i.status, i.total) is distinct from (excluded.number, excluded.status, excluded.total);
end;
$$;

comment on function fn.update_invoices is 'Stores an account''s invoices from Stripe. Part of fn.update_subscription.';
