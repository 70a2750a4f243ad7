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
        select m.id, m.copies, m.phase, m.give_up_at <= _now as is_over,
            m.copies >= fn.most_copies(m.consent) as may_not_be_sent, m.reply_account_id, m.reply_id
        into _due
        from public.mail as m
        where m.outcome is null and (m.consent is not null) = _is_recap and m.next_at <= _now
        order by m.next_at
        limit 1
        for update skip locked;
        if not found then
            return;
        end if;
        if _due.reply_id is not null and not exists (
            select 1 from public.reply as r where r.account_id = _due.reply_account_id and r.id = _due.reply_id
        ) then
            -- The foreign key has deleted it, but on Citus, where the outbox and replies are on different nodes.
            delete from public.mail as m where m.id = _due.id;
            continue;
        end if;
        exit when _due.is_over is not true and not _due.may_not_be_sent;
        update public.mail as m
        set outcome = case when _due.copies > 0 then 'unknown' else 'failed' end,
            done_at = _now,
            phase = null,
            last_error = case
                when _due.phase = 'dot' then 'the worker ended after it handed the mail over: it may have arrived'
                else coalesce(m.last_error, 'too late to send')
            end
        where m.id = _due.id;
        perform fn.record_delivery(_due.id, _now);
    end loop;
    update public.mail as m
    set attempts = m.attempts + 1,
        phase = 'connect',
        next_at = _now + fn.mail_claim('connect'),
        give_up_at = coalesce(m.give_up_at, _now + interval '3 days'),
        message_id = coalesce(m.message_id, format('<%s@%s>', m.id, _domain))
    where m.id = _due.id;
    perform fn.record_delivery(_due.id, _now);
    return query
    select m.id, m.recipient, m.template, m.context::text, m.consent, m.message_id, m.attempts
    from public.mail as m where m.id = _due.id;
end;
$$;

comment on function fn.claim_mail is
'Claims the next due mail, one with consent (a recap) or one without; no row if there is none. A mail that its worker does not
mark in time is claimed again: at once where the final dot was not sent, otherwise only as far as fn.most_copies allows. Mails
past their last try have failed, or are unknown where a copy may have arrived.';
