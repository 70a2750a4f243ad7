-- Called by owner as caller.
create function fn.operators() returns table (email text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query select p.email from public.person as p where p.is_operator order by p.email;
end;
$$;

comment on function fn.operators is 'Addresses of the operators of the installation.';
