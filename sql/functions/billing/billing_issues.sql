create function fn.billing_issues()
returns table (
    id text, kind text, customer_id text, subject text, details text, account_name text, opened_at timestamptz, decision text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select i.id, i.kind, i.customer_id, i.subject, i.details::text,
        (select a.name from public.account as a where a.id = fn.customer_account(i.customer_id, null)), i.opened_at, i.decision
    from public.billing_issue as i
    where i.resolved_at is null
    order by i.opened_at, i.id
    limit 500;
end;
$$;

comment on function fn.billing_issues is
'What is at Stripe and not resolved, the oldest 500: with the account''s name where there is one.';
