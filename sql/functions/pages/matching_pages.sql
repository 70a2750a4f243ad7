-- Called by app as account.
create function fn.matching_pages(
    _account_id uuid, _project_id uuid, _origin text, _pattern text, _until timestamptz, _limit integer default 20
) returns table (key text, created_at timestamptz, pages bigint, responses bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    with match as (
        select p.id, p.key, p.created_at
        from public.page as p
        where p.account_id = _account_id and p.project_id = _project_id and p.deletion_id is null
            and p.merged_into is null
            and p.created_at <= _until and fn.is_page_match(p.key, _origin, _pattern)
    )
    select m.key, m.created_at, (select count(*) from match), (
        select coalesce(sum(t.count), 0)::bigint
        from match as a
        join public.placement as c on c.account_id = _account_id and c.page_id = a.id
        join public.tally as t on t.account_id = _account_id and t.placement_id = c.id
    )
    from match as m
    order by m.created_at desc, m.key
    limit _limit;
end;
$$;

comment on function fn.matching_pages is
'The newest _limit pages of a project that match (fn.is_page_match) and were there at _until; each row has the number of all
of them and of their responses.';
