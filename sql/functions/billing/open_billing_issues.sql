-- Called by owner as caller.
create function fn.open_billing_issues()
returns table (
    id text, kind text, customer_id text, subject text, details text, account_name text, opened_at timestamptz, decision text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query select * from fn.billing_issues();
end;
$$;

comment on function fn.open_billing_issues is 'fn.billing_issues, for the command line.';
