create function fn.open_triage(_account_id uuid, _project_id uuid, _ids uuid[]) returns uuid[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _message_ids uuid[];
begin
    with message as (
        select f.id, f.widget_id, f.created_at
        from public.response as f
        join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
        where f.account_id = _account_id and f.id = any (_ids) and s.project_id = _project_id
            and (f.body is not null or f.fields is not null)
        order by f.id
        -- One that is being deleted is waited for, and is none then.
        for key share of f
    ), state as (
        insert into public.message_state (account_id, response_id, project_id, widget_id, moved_at)
        select _account_id, m.id, _project_id, m.widget_id, m.created_at from message as m order by m.id
        on conflict (account_id, response_id) do nothing
    ), triage as (
        insert into public.triage (account_id, response_id, project_id)
        select _account_id, m.id, _project_id from message as m order by m.id
        on conflict (account_id, response_id) do nothing
    )
    select coalesce(array_agg(m.id order by m.id), '{}') into _message_ids from message as m;
    return _message_ids;
exception
    when foreign_key_violation then
        raise exception 'One of the messages was withdrawn meanwhile.' using errcode = 'FB409', hint = 'Reload the inbox.';
end;
$$;

comment on function fn.open_triage is
'Makes sure that messages of a project have a row in triage; returns the ids of those that are messages of it. FB409 where its
visitor is taking back the words of one.';
