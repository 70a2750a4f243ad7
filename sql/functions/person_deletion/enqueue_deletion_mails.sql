-- Called by jobs as installation.
create function fn.enqueue_deletion_mails(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _accounts bigint;
    _people bigint;
begin
    with near as (
        update public.account as a set deletion_notified_at = _now
        where a.deletion_at < _now + interval '3 days' and a.deletion_notified_at is null
        returning a.id, a.deletion_at
    )
    select count(fn.notify_admins(
        n.id, 'account_deletion', jsonb_build_object('by', 'Its owner', 'until', fn.mail_time(n.deletion_at)), _now
    )) into _accounts
    from near as n;
    with near as (
        update public.person as p set deletion_notified_at = _now
        where p.deletion_at < _now + interval '3 days' and p.deletion_notified_at is null
        returning p.email, p.deletion_at
    )
    select count(fn.enqueue_mail(
        n.email, 'person_deletion', jsonb_build_object('until', fn.mail_time(n.deletion_at)), _now => _now
    )) into _people
    from near as n;
    return _accounts + _people;
end;
$$;

comment on function fn.enqueue_deletion_mails is
'Mails people who will be deleted, or whose account will be, within 3 days; returns how many.';
