-- Called by app as installation.
create function fn.unsubscribe_recaps(
    _account_id uuid, _project_id uuid, _to_id uuid, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _mail_ids uuid[];
begin
    insert into public.recap_choice as c (account_id, project_id, person_id, weekly, monthly, chosen_at)
    select p.account_id, p.id, m.person_id, false, false, _now
    from public.project as p
    join public.member as m on m.account_id = p.account_id and m.person_id = _to_id
    where p.account_id = _account_id and p.id = _project_id
    on conflict (account_id, project_id, person_id) do update set
        weekly = false, monthly = false, chosen_at = excluded.chosen_at
    where c.weekly or c.monthly;
    update public.recap_recipient as r
    set ended_at = _now
    where r.account_id = _account_id and r.id = _to_id and r.project_id = _project_id and r.ended_at is null;
    with ended as (
        update public.mail as m
        set outcome = 'failed', done_at = _now, last_error = 'unsubscribed', phase = null
        -- One that is being handed over cannot be stopped any more.
        where m.outcome is null and m.copies = 0 and m.consent = fn.recap_consent(_account_id, _project_id, _to_id)
        returning m.id
    )
    select array_agg(e.id) into _mail_ids from ended as e;
    perform fn.record_delivery(i.id, _now) from unnest(_mail_ids) as i (id);
end;
$$;

comment on function fn.unsubscribe_recaps is
'Ends the recaps of a project to a member or other recipient, including waiting ones. Does nothing without any.';
