create function fn.resolve_billing_issues(
    _customer_id text, _kinds text[], _open text[] default '{}', _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.billing_issue as i
    set resolved_at = _now
    where i.customer_id = _customer_id and i.kind = any (_kinds) and i.resolved_at is null and i.subject <> all (_open);
end;
$$;

comment on function fn.resolve_billing_issues is
'Resolves a customer''s issues of these kinds, but for those about the subjects in _open, which still stand.';
