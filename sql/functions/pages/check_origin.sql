-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.check_origin(_account_id uuid, _project_id uuid, _origin text) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select 1 from public.page as p
        where p.account_id = _account_id and p.project_id = _project_id and p.deletion_id is null
            and fn.is_page_match(p.key, _origin, '')
    ) then
        raise exception 'No page of this project is at “%”.', left(_origin, 100) using errcode = 'FB404',
            hint = 'Enter a site as in https://example.com, or remove “origin” from the address.';
    end if;
end;
$$;

comment on function fn.check_origin is
'Checks that a project has a page of an origin (scheme://host[:port], or none for keys that are no address): FB404 if not.';
