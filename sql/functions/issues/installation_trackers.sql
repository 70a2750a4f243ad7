-- Called by app as installation.
create function fn.installation_trackers(_installation_id bigint, _path text)
returns table (account_id uuid, project_id uuid)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select t.account_id, t.project_id from public.tracker as t
    where t.installation_id = _installation_id and t.token is null and lower(t.path) = lower(_path);
end;
$$;

comment on function fn.installation_trackers is
'The trackers of a repository, of whichever accounts, by an installation of the GitHub App, whose secret signed the post.';
