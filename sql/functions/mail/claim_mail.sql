-- Called by jobs as installation.
create function fn.claim_mail(_domain text, _now timestamptz default now(), _is_recap boolean default false)
returns table (
    id uuid, recipient text, template text, context text, consent text, message_id text, attempt integer
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _due record;
begin
    loop
        select m.id, m.give_up_at <= _now as is_over, m.handed_over_at is not null and m.consent is not null as is_handed
        into _due
        from public.mail as m
        where m.outcome is null and (m.consent is not null) = _is_recap and m.next_at <= _now
        order by m.next_at
        limit 1
        for update skip locked;
        if not found then
            return;
        end if;
        exit when _due.is_over is not true and not _due.is_handed;
        update public.mail as m
        set outcome = 'failed', done_at = _now, last_error = case
            when _due.is_handed then 'the worker ended while the mail server took it: it may have arrived'
            else coalesce(m.last_error, 'too late to send')
        end
        where m.id = _due.id;
    end loop;
    return query
    update public.mail as m
    set attempts = m.attempts + 1,
        next_at = _now + interval '5 minutes',
        give_up_at = coalesce(m.give_up_at, _now + interval '3 days'),
        message_id = coalesce(m.message_id, format('<%s@%s>', m.id, _domain))
    where m.id = _due.id
    returning m.id, m.recipient, m.template, m.context::text, m.consent, m.message_id, m.attempts;
end;
$$;

comment on function fn.claim_mail is
'Claims the next due mail for 5 minutes, one with consent (a recap) or one without; no row if there is none. A mail that its
worker does not mark by then is claimed again. Fails mails past their last try, and recaps whose worker was killed while
sending: none is better than two.';
