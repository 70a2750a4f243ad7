-- Called by app as installation.
create function fn.hook_secret(_hook_id uuid)
returns table (account_id uuid, project_id uuid, type text, path text, secret bytea)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _account_id uuid := fn.directory_account('tracker', uuid_send(_hook_id));
begin
    return query
    select t.account_id, t.project_id, t.type, t.path, t.hook_secret from public.tracker as t
    where t.account_id = _account_id and t.hook_id = _hook_id;
end;
$$;

comment on function fn.hook_secret is
'The tracker to whose address a forge posts, with the encrypted secret that signs the post; no row where there is none.';
