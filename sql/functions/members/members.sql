-- Called by app as account.
create function fn.members(_account_id uuid, _search text default '', _limit integer default 100, _offset integer default 0)
returns table (
    person_id uuid, email text, role text, created_at timestamptz, is_actor boolean, row_count bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform fn.allow(_account_id, 'viewer');
    return query
    select m.person_id, p.email, m.role, m.created_at,
        m.person_id is not distinct from nullif(current_setting('feelback.person_id', true), '')::uuid,
        count(*) over ()
    from public.member as m
    join public.person as p on p.id = m.person_id
    where m.account_id = _account_id and (_search = '' or strpos(lower(p.email), lower(_search)) > 0)
    order by array_position('{owner,admin,editor,viewer}'::text[], m.role), lower(p.email)
    limit _limit
    offset _offset;
end;
$$;

comment on function fn.members is
'A page of an account''s members whose address contains _search: by role, the owner first, then by address. row_count is of all
pages.';
