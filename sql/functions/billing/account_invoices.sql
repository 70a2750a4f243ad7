-- Called by app as account.
create function fn.account_invoices(_account_id uuid, _limit integer default 24, _offset integer default 0)
returns table (
    id text, number text, status text, total bigint, currency text, created_at timestamptz, credited bigint,
    refunded bigint, row_count bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'admin');
    return query
    select i.id, i.number, i.status, i.total, i.currency, i.created_at, i.credited, i.refunded, count(*) over ()
    from public.invoice as i
    where i.account_id = _account_id and i.status <> 'draft'
    order by i.created_at desc, i.id desc
    limit _limit
    offset _offset;
end;
$$;

comment on function fn.account_invoices is
'A page of an account''s invoices, newest first; row_count is of all pages. Amounts are in the currency''s smallest unit.';
