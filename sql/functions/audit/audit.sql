-- Called by app as account.
create function fn.audit(
    _account_id uuid, _noun text default '', _search text default '', _from timestamptz default null,
    _until timestamptz default null, _limit integer default 50, _offset integer default 0
) returns table (
    id uuid, at timestamptz, actor text, what text, about text, details text, row_count bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform fn.allow(_account_id, 'admin');
    return query
    with counted as (
        select count(*) as n
        from public.audit as c
        where c.account_id = _account_id
            and (_noun = '' or starts_with(c.what, _noun || '.'))
            and (_search = '' or strpos(lower(c.actor || ' ' || c.about), lower(_search)) > 0)
            and (_from is null or c.at >= _from)
            and (_until is null or c.at < _until)
    ), page as (
        -- Along the index, which a count of the whole in the same breath would not go.
        select n.*
        from public.audit as n
        where n.account_id = _account_id
            and (_noun = '' or starts_with(n.what, _noun || '.'))
            and (_search = '' or strpos(lower(n.actor || ' ' || n.about), lower(_search)) > 0)
            and (_from is null or n.at >= _from)
            and (_until is null or n.at < _until)
        order by n.at desc, n.id desc
        limit _limit
        offset _offset
    )
    select p.id, p.at, p.actor, p.what, p.about, p.details::text, counted.n
    from page as p
    cross join counted
    order by p.at desc, p.id desc;
end;
$$;

comment on function fn.audit is
'A page of an account''s audit log, newest first: entries of one noun (project, member, …; empty for all), whose actor or
subject contains _search, from a time until before another. row_count is of all pages.';
