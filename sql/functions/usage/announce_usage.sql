create function fn.announce_usage(_month date, _now timestamptz, _account_id uuid default null)
returns table (account_id uuid, share smallint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with reached as (
        select u.account_id, p.title, p.responses as quota, u.responses,
            case when u.responses >= p.responses then 100 else 80 end::smallint as share
        from public.usage as u
        cross join lateral fn.account_plan(u.account_id, _now) as p
        where u.month = _month and u.responses >= 0.8 * p.responses and (_account_id is null or u.account_id = _account_id)
    ), announced as (
        update public.usage as u
        set notified_percent = r.share, notified_quota = r.quota
        from reached as r
        where u.account_id = r.account_id and u.month = _month
            -- A larger plan is announced again.
            and (u.notified_percent < r.share or r.quota > u.notified_quota)
        returning r.*
    ), mailed as (
        select fn.enqueue_mail(
            o.email, 'usage_notice',
            jsonb_build_object(
                'account', a.name, 'plan', t.title, 'share', t.share, 'responses', to_char(t.responses, 'FM999,999,999,999'),
                'quota', to_char(t.quota, 'FM999,999,999,999'),
                'renews', to_char(_month + interval '1 month', 'FMDD FMMonth'),
                'month', to_char(_month, 'FMMonth')
            ),
            _give_up_at => _now + interval '3 days', _now => _now
        )
        from announced as t
        join public.account as a on a.id = t.account_id
        join public.member as m on m.account_id = t.account_id and m.role in ('owner', 'admin')
        join public.person as o on o.id = m.person_id and o.verified_at is not null
    )
    select t.account_id, t.share from announced as t where (select count(*) from mailed) >= 0;
end;
$$;

comment on function fn.announce_usage is
'Mails owner and admins of accounts that have used 80 % or all of their plan''s responses in a month: once each, and again after
a change to a larger plan. Returns the accounts. Part of fn.count_usage.';
