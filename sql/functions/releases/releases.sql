-- Called by app as account.
create function fn.releases(
    _account_id uuid, _project_id uuid, _after_id uuid default null, _limit integer default 100, _id uuid default null
) returns table (
    id uuid, name text, released_at timestamptz, link text, patterns text[], created_at timestamptz
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select r.id, r.name, r.released_at, r.link, r.patterns, r.created_at
    from public.release as r
    where r.account_id = _account_id and r.project_id = _project_id and (_id is null or r.id = _id)
        and (
            _after_id is null or (r.released_at, r.id) < (
                select a.released_at, a.id from public.release as a
                where a.account_id = _account_id and a.project_id = _project_id and a.id = _after_id
            )
        )
    order by r.released_at desc, r.id desc
    limit _limit;
    if not found and _id is not null then
        raise exception 'There is no such release.' using errcode = 'FB404', hint = 'See the releases of your project.';
    end if;
end;
$$;

comment on function fn.releases is
'Releases of a project, the latest first, after _after_id, or just the one of _id. FB404.';
