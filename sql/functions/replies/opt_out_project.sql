-- Called by app as installation.
create function fn.opt_out_project(_account_id uuid, _project_id uuid, _address_hash bytea)
returns table (name text, is_opted_out boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select coalesce((
            select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id
        ), ''),
        exists (select 1 from public.opt_out as o where o.account_id = _account_id and o.address_hash = _address_hash)
    from public.account as a where a.id = _account_id;
end;
$$;

comment on function fn.opt_out_project is
'What an unsubscribe link of a reply ends: the name of the project, empty where it was deleted, and whether the link was used already; no
row where the account was deleted, which sends nothing any more.';
