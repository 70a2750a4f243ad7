create function fn.record_delivery(_mail_id uuid, _now timestamptz) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.recap_delivery as d
    set state = coalesce(m.outcome, 'waiting'), phase = m.phase, attempts = m.attempts, error = m.last_error,
        updated_at = _now
    from public.mail as m
    where m.id = _mail_id and m.consent is not null and d.mail_id = m.id;
    update public.reply as r
    set state = coalesce(m.outcome, 'waiting'), error = m.last_error, updated_at = _now
    from public.mail as m
    where m.id = _mail_id and r.account_id = m.reply_account_id and r.id = m.reply_id;
end;
$$;

comment on function fn.record_delivery is
'Copies the state of a mail in the outbox to what members see of it: that of a recap to its delivery, that of a reply to the reply. Does
nothing for other mails.';
