-- Called by app as installation.
create function fn.demo_project(_email text) returns table (account_id uuid, id uuid, slug text, name text)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    select p.account_id, p.id, p.slug, p.name
    from public.person as d
    join public.member as m on m.person_id = d.id and m.role = 'owner'
    join public.project as p on p.account_id = m.account_id and p.slug = 'demo'
    where lower(d.email) = lower(_email);
end;
$$;

comment on function fn.demo_project is 'The demo''s project, named demo and owned by that address, if it is loaded.';
