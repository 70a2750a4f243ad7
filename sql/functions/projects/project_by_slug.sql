-- Called by owner as caller.
create function fn.project_by_slug(_slug text)
returns table (account_id uuid, id uuid, slug text, name text, time_zone text, origins text[])
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.account_id, p.id, p.slug, p.name, p.time_zone, p.origins
    from public.project as p where p.slug = _slug order by p.created_at;
end;
$$;

comment on function fn.project_by_slug is 'Projects of that slug in all accounts: for the command line, not the panel.';
