-- Called by panel as installation.
create function fn.enqueue_reply(
    _id uuid, _account_id uuid, _reply_id uuid, _recipient text, _message_id text, _context jsonb, _now timestamptz
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.mail (id, recipient, template, context, message_id, reply_account_id, reply_id, created_at, next_at)
    values (_id, _recipient, 'reply', _context, _message_id, _account_id, _reply_id, _now, _now);
    perform pg_notify('mail', '');
end;
$$;

comment on function fn.enqueue_reply is
'Queues the mail of a reply, which is deleted with it, and notifies the workers on commit. _message_id is known before it is sent, so
that later replies refer to it.';
