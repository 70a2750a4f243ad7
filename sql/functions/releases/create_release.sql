-- Called by app as account.
create function fn.create_release(
    _account_id uuid, _project_id uuid, _name text, _released_at timestamptz default null, _link text default null,
    _patterns text[] default '{*}', _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid;
    _at timestamptz := coalesce(_released_at, _now);
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    if coalesce(char_length(_name), 0) not between 1 and 100 or _name ~ '[[:cntrl:]]' then
        raise exception 'The name must be one line of 1 to 100 characters.' using errcode = 'FB422';
    end if;
    if _link !~ '^https?://[^[:space:]/]' or char_length(_link) > 2000 then
        raise exception 'The link must begin with https:// or http:// and have at most 2,000 characters.'
            using errcode = 'FB422';
    end if;
    if coalesce(cardinality(_patterns), 0) not between 1 and 20 or exists (
        select 1 from unnest(_patterns) as g (pattern) where coalesce(char_length(g.pattern), 0) not between 1 and 500
    ) then
        raise exception 'A release has 1 to 20 page patterns of 1 to 500 characters.' using errcode = 'FB422',
            hint = 'Use * for all pages, or /docs/* for some.';
    end if;
    if _at not between '2000-01-01Z' and _now + interval '1 day' then
        raise exception 'The time must be from 2000 until now.' using errcode = 'FB422';
    end if;
    if not exists (select 1 from public.project as p where p.account_id = _account_id and p.id = _project_id) then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    insert into public.release (account_id, id, project_id, name, link, patterns, released_at, created_at)
    values (_account_id, fn.uuid_v7(_now), _project_id, _name, _link, _patterns, _at, _now)
    on conflict (account_id, project_id, released_at, name) do nothing
    returning id into _id;
    if _id is null then
        -- A pipeline that tries again, with the time of the release, gets the same one.
        return (
            select r.id from public.release as r
            where r.account_id = _account_id and r.project_id = _project_id and r.released_at = _at and r.name = _name
        );
    end if;
    perform fn.add_audit_entry(_account_id, 'release.created', _name, jsonb_build_object('pages', _patterns));
    return _id;
end;
$$;

comment on function fn.create_release is
'Creates a release, by default of now and of all pages, and returns its id; the id of the one that there is if the project has one
of that name and time. FB422 for a wrong name, link, time or pattern; FB404, FB403.';
