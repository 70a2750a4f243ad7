-- Called by jobs as installation.
create function fn.mark_mail_stored(_id uuid, _body bytea, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _expires_at timestamptz;
begin
    -- A mail with a secret is stored as long as the secret is valid.
    select case when m.context ?| '{url,code}' then m.give_up_at else _now + interval '30 days' end into _expires_at
    from public.mail as m where m.id = _id for update;
    update public.mail set outcome = 'kept', done_at = _now, last_error = null, context = '{}', phase = null
    where id = _id and outcome is null;
    if found then
        insert into public.mail_body (mail_id, body, expires_at) values (_id, _body, _expires_at);
    end if;
    perform fn.record_delivery(_id, _now);
end;
$$;

comment on function fn.mark_mail_stored is 'Stores a mail unsent, for want of a mail server, so that an operator can read it: one with a link or a code until that expires,
others for 30 days.';
