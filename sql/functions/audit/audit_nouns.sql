-- Called by app as account.
create function fn.audit_nouns(_account_id uuid) returns table (noun text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'admin');
    return query
    select distinct split_part(n.what, '.', 1) as noun from public.audit as n where n.account_id = _account_id order by noun;
end;
$$;

comment on function fn.audit_nouns is 'Nouns that an account''s audit log has entries of: project, member, …';
