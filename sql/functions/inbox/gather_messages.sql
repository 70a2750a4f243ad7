-- Called by jobs as installation.
create function fn.gather_messages(_account_id uuid, _responses jsonb) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _gathered bigint;
begin
    insert into public.message_state (account_id, response_id, project_id, widget_id, moved_at)
    select f.account_id, f.id, s.project_id, s.id, f.created_at
    from jsonb_array_elements_text(_responses) as r (id)
    join public.response as f on f.account_id = _account_id and f.id = r.id::uuid
    join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
    order by f.id
    on conflict (account_id, response_id) do nothing;
    get diagnostics _gathered = row_count;
    return _gathered;
end;
$$;

comment on function fn.gather_messages is
'Adds messages of an account (fn.ungathered_messages) to message_state, from which folders are listed and counted; returns how
many. This keeps the cost out of ingestion: until then fn.new_messages finds them.';
