create function fn.update_invoices(_account_id uuid, _invoices jsonb, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _is_retried boolean := exists (
        select 1 from jsonb_array_elements(_invoices) as g
        join public.invoice as i on i.account_id = _account_id and i.id = g ->> 'id'
        where i.attempts > 0 and (g ->> 'attempts')::integer > i.attempts and g ->> 'status' = 'open'
    );
    _title text;
begin
    insert into public.invoice as i (account_id, id, number, status, total, currency, created_at, attempts, credited, refunded)
    select _account_id, g ->> 'id', coalesce(g ->> 'number', ''), g ->> 'status', (g ->> 'total')::bigint,
        g ->> 'currency', to_timestamp((g ->> 'created')::bigint), coalesce((g ->> 'attempts')::integer, 0),
        coalesce((g ->> 'credited')::bigint, 0), coalesce((g ->> 'refunded')::bigint, 0)
    from jsonb_array_elements(_invoices) as g
    on conflict (account_id, id) do update
        set number = excluded.number, status = excluded.status, total = excluded.total, attempts = excluded.attempts,
            credited = excluded.credited, refunded = excluded.refunded
        where (i.number, i.status, i.total, i.attempts, i.credited, i.refunded) is distinct from (
            excluded.number, excluded.status, excluded.total, excluded.attempts, excluded.credited, excluded.refunded
        );
    if _is_retried then
        select coalesce(p.title, '') into _title
        from public.subscription as s
        left join public.plan as p on p.name = s.plan
        where s.account_id = _account_id;
        perform fn.notify_billing(
            _account_id, 'payment_retry_failed',
            jsonb_build_object('plan', _title, 'until', coalesce(fn.mail_time(fn.grace_ends_at(_account_id, _now)), '')), _now
        );
    end if;
end;
$$;

comment on function fn.update_invoices is
'Stores an account''s invoices from Stripe, and mails owner and admins when a further attempt to collect one has failed. Part of
fn.update_subscription.';
