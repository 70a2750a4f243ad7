-- Called by owner as caller.
create function fn.demo_owner() returns table (id uuid, email text, password_hash text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.id, p.email, p.password_hash
    from public.account as a
    join public.member as m on m.account_id = a.id and m.role = 'owner'
    join public.person as p on p.id = m.person_id
    where a.is_demo
    order by a.created_at, a.id
    limit 1;
end;
$$;

comment on function fn.demo_owner is 'The owner of the demo with the hash of their password; no row if it is not loaded.';
