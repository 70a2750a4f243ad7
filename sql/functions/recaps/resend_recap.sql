-- Called by app as account.
create function fn.resend_recap(_account_id uuid, _slug text, _mail_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _delivery record;
begin
    perform fn.allow(_account_id, 'admin');
    select d.project_id, d.to_id, d.unit, d.starts_on, d.state, p.name, a.email into _delivery
    from public.recap_delivery as d
    join public.project as p on p.account_id = d.account_id and p.id = d.project_id and p.slug = _slug
    left join fn.recap_audience as a
        on a.account_id = d.account_id and a.project_id = d.project_id and a.to_id = d.to_id
        and case d.unit when 'week' then a.weekly else a.monthly end
    where d.account_id = _account_id and d.mail_id = _mail_id
    for update of d;
    if not found then
        raise exception 'There is no such recap.' using errcode = 'FB404', hint = 'Reload the page.';
    elsif _delivery.state not in ('failed', 'unknown') then
        raise exception 'This recap is on its way or was sent.' using errcode = 'FB409', hint = 'Reload the page.';
    elsif _delivery.email is null then
        raise exception 'This recipient no longer gets these recaps.' using errcode = 'FB409', hint = 'Reload the page.';
    elsif not fn.requeue_mail(_mail_id, _now) then
        raise exception 'This recap is too old to send again.'
            using errcode = 'FB409', hint = 'Recaps can be sent again for 30 days.';
    end if;
    -- Not by fn.record_delivery: on Citus two roles must not change the same rows in one transaction.
    update public.recap_delivery as d set state = 'waiting', updated_at = _now, resends = d.resends + 1
    where d.account_id = _account_id and d.mail_id = _mail_id;
    perform fn.add_audit_entry(
        _account_id, 'recap.resent', _delivery.email,
        jsonb_build_object('project', _delivery.name, 'period', format('%s %s', _delivery.unit, _delivery.starts_on)),
        _now => _now
    );
end;
$$;

comment on function fn.resend_recap is
'Sends a recap again that failed or may have arrived. FB404, FB403 below admin, FB409 where it was sent, is on its way, is older
than 30 days, or its recipient no longer gets it.';
