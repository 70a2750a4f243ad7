-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.project(_account_id uuid, _slug text, _with_unread boolean default true)
returns table (
    id uuid, slug text, name text, time_zone text, role text, unread integer, test_mode boolean, is_archived boolean,
    window_name text, comparison text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.id, p.slug, p.name, p.time_zone, m.role,
        case when _with_unread then fn.unread_messages(_account_id, p.id) end,
        p.test_mode, p.archived_at is not null, coalesce(c.name, '30d'), coalesce(c.comparison, 'previous')
    from public.project as p
    left join public.member as m
        on m.account_id = _account_id and m.person_id = nullif(current_setting('feelback.person_id', true), '')::uuid
    left join public.window_choice as c
        on c.account_id = _account_id and c.person_id = m.person_id and c.project_id = p.id
    where p.account_id = _account_id and p.slug = _slug;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
end;
$$;

comment on function fn.project is
'A project of an account for its screens: the actor''s role, unread messages (at most 1,000; null without _with_unread), test
mode, archived or not, the window and comparison that the actor chose last. FB404.';
