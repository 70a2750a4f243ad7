create function fn.report_unknown_customer(
    _customer_id text, _account_id uuid, _fetched jsonb, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _unrefunded text[];
    _deleted_at timestamptz := (select d.deleted_at from public.deleted_customer as d where d.id = _customer_id);
    _live text[] := array(
        select g ->> 'id' from jsonb_array_elements(_fetched -> 'subscriptions') as g
        where g ->> 'status' in ('active', 'trialing', 'past_due', 'unpaid', 'paused')
    );
begin
    -- Customers without an account in their metadata are of another product of the same business.
    if _deleted_at is null and _account_id is not null then
        perform fn.open_billing_issue(
            'orphan', _customer_id, g ->> 'id',
            jsonb_build_object(
                'account_id', _account_id, 'status', g ->> 'status', 'unit', g ->> 'unit', 'amount', (g ->> 'amount')::bigint,
                'currency', g ->> 'currency'
            ),
            _now
        )
        from jsonb_array_elements(_fetched -> 'subscriptions') as g
        where g ->> 'id' = any (_live);
    end if;
    perform fn.resolve_billing_issues(
        _customer_id, '{orphan,double,unknown_price}', case when _deleted_at is null then _live else '{}' end, _now
    );
    _unrefunded := array(
        select g ->> 'id' from jsonb_array_elements(_fetched -> 'invoices') as g
        where g ->> 'status' = 'paid' and to_timestamp((g ->> 'paid_at')::bigint) > _deleted_at
            and (g ->> 'total')::bigint
                > greatest(coalesce((g ->> 'credited')::bigint, 0), coalesce((g ->> 'refunded')::bigint, 0))
    );
    perform fn.resolve_billing_issues(_customer_id, '{late_payment}', _unrefunded, _now);
    perform fn.open_billing_issue(
        'late_payment', _customer_id, g ->> 'id',
        jsonb_build_object('number', g ->> 'number', 'amount', (g ->> 'total')::bigint, 'currency', g ->> 'currency'), _now
    )
    from jsonb_array_elements(_fetched -> 'invoices') as g
    where g ->> 'id' = any (_unrefunded);
end;
$$;

comment on function fn.report_unknown_customer is
'Reports live subscriptions of a customer whose account is not here, and what was paid after its account was deleted and not refunded. Part of
fn.update_subscription.';
