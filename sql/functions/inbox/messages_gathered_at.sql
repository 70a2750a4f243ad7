-- Called by panel as installation.
create function fn.messages_gathered_at() returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (select r.gathered_at from public.message_roll as r);
end;
$$;

comment on function fn.messages_gathered_at is 'Until when messages have been added to message_state; -infinity at first.';
