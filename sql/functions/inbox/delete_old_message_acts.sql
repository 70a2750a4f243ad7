-- Called by jobs as installation.
create function fn.delete_old_message_acts(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.message_act as a where a.acted_at < _now - interval '1 hour';
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_message_acts is 'Forgets what can no longer be undone; returns how much.';
