-- Called by app as installation.
create function fn.installation_billing_issues(_person_id uuid)
returns table (
    id text, kind text, customer_id text, subject text, details text, account_name text, opened_at timestamptz, decision text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow_installation(_person_id);
    return query select * from fn.billing_issues();
end;
$$;

comment on function fn.installation_billing_issues is 'fn.billing_issues, for the operator. FB404 for everybody else.';
