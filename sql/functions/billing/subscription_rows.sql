create function fn.subscription_rows(_account_id uuid) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_agg(to_jsonb(s) order by s.id)::text
        from public.customer_subscription as s where s.account_id = _account_id
    );
end;
$$;

comment on function fn.subscription_rows is 'All subscriptions of an account as text, to see whether one has changed.';
