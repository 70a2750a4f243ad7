create function fn.recount_page_score(_account_id uuid, _project_id uuid) returns setof public.page_score
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select k.account_id, k.project_id, k.days, c.page_id, sum(k.total)::bigint, sum(k.compared)::bigint, sum(k.before)::bigint,
        coalesce(sum(k.total) filter (where k.positive is not null), 0)::bigint,
        coalesce(sum(round(k.negative * k.total)), 0)::bigint, sum(k.sentiment * k.total)
    from public.placement_score as k
    join public.placement as c on c.account_id = k.account_id and c.id = k.placement_id
    where k.account_id = _account_id and k.project_id = _project_id
    group by k.account_id, k.project_id, k.days, c.page_id;
end;
$$;

comment on function fn.recount_page_score is 'What page_score should hold of a project: sums of placement_score by page.';
