-- Called by app as installation.
create function fn.installation_accounts(
    _person_id uuid, _search text, _limit integer, _offset integer, _now timestamptz default now()
) returns table (
    name text, owner_email text, members bigint, projects bigint, responses_of_month bigint, created_at timestamptz, row_count bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow_installation(_person_id);
    return query
    with owner as materialized (
        select m.account_id, p.email from public.member as m join public.person as p on p.id = m.person_id where m.role = 'owner'
    ), page as materialized (
        select a.id, a.name, o.email, a.created_at, count(*) over () as row_count
        from public.account as a
        left join owner as o on o.account_id = a.id
        where _search = '' or strpos(lower(a.name || ' ' || coalesce(o.email, '')), lower(_search)) > 0
        order by a.created_at desc, a.id desc
        limit _limit offset _offset
    ), member as materialized (
        select m.account_id, count(*) as count from public.member as m
        where m.account_id in (select p.id from page as p) group by m.account_id
    ), project as materialized (
        select j.account_id, count(*) as count from public.project as j
        where j.account_id in (select p.id from page as p) group by j.account_id
    ), response as materialized (
        select j.account_id, sum(d.count)::bigint as count from public.project as j
        join public.project_day as d
            on d.account_id = j.account_id and d.project_id = j.id and d.day > (_now at time zone 'UTC')::date - 30
        where j.account_id in (select p.id from page as p) group by j.account_id
    )
    select p.name, p.email, coalesce(m.count, 0), coalesce(j.count, 0), coalesce(r.count, 0), p.created_at, p.row_count
    from page as p
    left join member as m on m.account_id = p.id
    left join project as j on j.account_id = p.id
    left join response as r on r.account_id = p.id
    order by p.created_at desc, p.id desc;
end;
$$;

comment on function fn.installation_accounts is
'A page of the installation''s accounts, for its owner, newest first, whose name or owner''s address contains _search (empty:
all): owner, members, projects, responses of the last 30 days. row_count is of all pages. FB404 for everybody else.';
