-- Called by jobs as installation.
create function fn.mark_mail_sent(_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.mail set outcome = 'sent', done_at = _now, last_error = null, context = '{}', phase = null
    where id = _id and outcome is distinct from 'sent';
    perform fn.record_delivery(_id, _now);
end;
$$;

comment on function fn.mark_mail_sent is 'Records that the mail server accepted a mail, whoever has claimed it by now.';
