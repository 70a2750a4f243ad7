-- Called by app as account.
create function fn.page_key_rules(_account_id uuid, _project_id uuid, _id uuid) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _rules jsonb;
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    select r.key_rules || coalesce((
        select w.key_rules
        from public.placement as c
        join public.widget as w on w.account_id = c.account_id and w.id = c.widget_id
        where c.account_id = _account_id and c.page_id = p.id
        order by c.id
        limit 1
    ), '{}')
    into _rules
    from public.page as p
    join public.project as r on r.account_id = p.account_id and r.id = p.project_id
    where p.account_id = _account_id and p.project_id = _project_id and p.id = _id;
    if not found then
        raise exception 'There is no such page.' using errcode = 'FB404', hint = 'See the pages of your project.';
    end if;
    return _rules::text;
end;
$$;

comment on function fn.page_key_rules is
'Rules by which an address becomes a page key, as JSON: the project''s, overridden by those of the page''s first widget.
FB404.';
