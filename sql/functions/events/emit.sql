create function fn.emit(
    _account_id uuid, _project_id uuid, _type text, _data jsonb, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if not fn.wants_event(_account_id, _project_id, _type) then
        return;
    end if;
    insert into public.event (account_id, id, project_id, type, response_id, data, created_at)
    values (
        _account_id, fn.uuid_v7(_now), _project_id, _type, (_data ->> 'responseId')::uuid, _data - 'responseId', _now
    );
    perform pg_notify('event', '');
end;
$$;

comment on function fn.emit is
'Writes an event, in the transaction of what happened, if a destination takes it. _data has ids and numbers, and the response that it
is about as responseId; never the words of a visitor. It notifies the workers on commit.';
