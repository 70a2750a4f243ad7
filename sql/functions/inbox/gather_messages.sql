-- Called by jobs as installation.
create function fn.gather_messages(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _from timestamptz;
    _from_id uuid;
    _gathered bigint;
begin
    select greatest(r.gathered_at - interval '2 minutes', '-infinity') into _from
    from public.message_roll as r for update;
    _from_id := fn.uuid_floor(greatest(_from - interval '1 day', timestamptz 'epoch'));
    insert into public.message_state (account_id, response_id, project_id, widget_id, moved_at)
    select f.account_id, f.id, s.project_id, s.id, f.created_at
    from public.response as f
    join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
    where f.created_at >= _from and f.id >= _from_id and (f.body is not null or f.fields is not null)
    order by f.account_id, f.id
    on conflict (account_id, response_id) do nothing;
    get diagnostics _gathered = row_count;
    update public.message_roll set gathered_at = _now;
    return _gathered;
end;
$$;

comment on function fn.gather_messages is
'Adds new messages to message_state, from which folders are listed and counted; returns how many. This keeps the cost out of
ingestion: until then fn.new_messages finds them. Looks back two minutes further, for late commits.';
