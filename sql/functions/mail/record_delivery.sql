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
end;
$$;

comment on function fn.record_delivery is
'Copies the state of a recap in the outbox to its delivery, which the project''s admins see. Does nothing for other mails.';
