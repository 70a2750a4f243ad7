-- Called by app as account.
create function fn.account_invoice(_account_id uuid, _id text) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _invoice_id text;
begin
    perform fn.allow(_account_id, 'admin');
    select i.id into _invoice_id from public.invoice as i where i.account_id = _account_id and i.id = _id;
    if _invoice_id is null then
        raise exception 'There is no such invoice.' using errcode = 'FB404', hint = 'See the list under Billing.';
    end if;
    return _invoice_id;
end;
$$;

comment on function fn.account_invoice is 'The id of an invoice of the account; FB404 for another''s.';
