-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.find_places(_account_id uuid, _slug text, _text text, _limit integer default 8)
returns table (kind text, project_slug text, id uuid, name text, detail text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    (
        select 'project', p.slug, p.id, p.name, ''
        from public.project as p
        where p.account_id = _account_id and strpos(lower(p.name), lower(_text)) > 0
        order by p.slug = _slug, lower(p.name)
        limit 3 * _limit
    )
    union all
    (
        select 'widget', p.slug, w.id, w.name, p.name
        from public.project as p
        join public.widget as w on w.account_id = p.account_id and w.project_id = p.id
        where _text <> '' and p.account_id = _account_id and p.slug = _slug and strpos(lower(w.name), lower(_text)) > 0
        order by lower(w.name)
        limit _limit
    )
    union all
    (
        select 'page', p.slug, g.id, coalesce(g.title, ''), g.key
        from public.project as p
        join public.page as g on g.account_id = p.account_id and g.project_id = p.id
        where _text <> '' and p.account_id = _account_id and p.slug = _slug and g.archived_at is null
            and (strpos(lower(g.key), lower(_text)) > 0 or strpos(lower(g.title), lower(_text)) > 0)
        order by length(g.key), g.key
        limit _limit
    );
end;
$$;

comment on function fn.find_places is
'What the search of the panel leads to: projects of an account whose name contains _text (the current one last), and of the project
_slug widgets by name and pages by key or title.';
