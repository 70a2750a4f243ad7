create function fn.begin_deletion(
    _account_id uuid, _project_id uuid, _id uuid, _kind text, _name text, _now timestamptz
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _responses bigint;
begin
    -- A project's covers what of it is being deleted already.
    delete from public.deletion as d where d.account_id = _account_id and _kind = 'project' and d.project_id = _project_id;
    select coalesce(sum(t.count), 0) into _responses
    from public.widget as s
    join public.placement as c on c.account_id = s.account_id and c.widget_id = s.id
    join public.tally as t on t.account_id = c.account_id and t.placement_id = c.id
    where s.account_id = _account_id and s.project_id = _project_id and _id in (s.project_id, s.id, c.id);
    insert into public.deletion (account_id, id, project_id, kind, name, requested_at, responses)
    values (_account_id, _id, _project_id, _kind, _name, _now, _responses);
end;
$$;

comment on function fn.begin_deletion is
'Begins the deletion of a project, widget or placement in the background, with its number of responses.';
