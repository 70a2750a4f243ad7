-- Called by app as installation.
create function fn.demo_project(_email text default '') returns table (account_id uuid, id uuid, slug text, name text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.account_id, p.id, p.slug, p.name
    from public.account as a
    join public.project as p on p.account_id = a.id
    where a.is_demo
    order by a.created_at, a.id, p.created_at, p.id
    limit 1;
end;
$$;

comment on function fn.demo_project is 'The demo''s project, the oldest of its account, if it is loaded. _email is not used: earlier versions pass it.';
