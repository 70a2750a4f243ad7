-- Called by panel as installation.
create function fn.enqueue_mail(
    _recipient text, _template text, _context jsonb default '{}', _consent text default null,
    _give_up_at timestamptz default null, _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.uuid_v7(_now);
begin
    insert into public.mail (id, recipient, template, context, consent, give_up_at, created_at, next_at)
    values (_id, trim(_recipient), _template, _context, _consent, _give_up_at, _now, _now);
    perform pg_notify('mail', '');
    return _id;
end;
$$;

comment on function fn.enqueue_mail is
'Queues a mail and notifies the workers on commit. _consent is what its unsubscribe link ends; without one the mail is
transactional. _give_up_at is when it becomes useless, by default 3 days after the first try.';
