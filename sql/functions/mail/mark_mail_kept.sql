-- Called by jobs as installation.
create function fn.mark_mail_kept(_id uuid, _body bytea, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
    update public.mail
    set outcome = 'kept', done_at = _now, last_error = null, body = _body
    where id = _id and outcome is null;
end;
$$;

comment on function fn.mark_mail_kept is 'Stores a mail unsent, for want of a mail server, so that it can be read.';
