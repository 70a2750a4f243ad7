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
            fn.hidden_above(u.account_id, _month, p.responses) as hidden_above,
            exists (
                select from public.usage as b
                where b.account_id = u.account_id and b.month = (_month - interval '1 month')::date and b.responses > b.quota
            ) as is_second,
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
    ), warned as (
        select r.* from reached as r
        join public.usage as u on u.account_id = r.account_id and u.month = _month
        -- Where the limit is enforced at once, the mail at 80 % says so.
        where r.hidden_above > r.quota and r.responses >= 0.9 * r.hidden_above and r.responses < r.hidden_above
            and u.warned_quota is distinct from r.quota
    ), mailed as (
        select fn.enqueue_mail(
            o.email, t.template,
            jsonb_build_object(
                'account', a.name, 'plan', t.title, 'share', t.share, 'responses', to_char(t.responses, 'FM999,999,999,999'),
                'quota', to_char(t.quota, 'FM999,999,999,999'),
                'renews', to_char(_month + interval '1 month', 'FMDD FMMonth'),
                'month', to_char(_month, 'FMMonth'), 'is_enforced', t.hidden_above = t.quota, 'is_second', t.is_second,
                'limit', to_char(t.hidden_above, 'FM999,999,999,999')
            ),
            _give_up_at => _now + interval '3 days', _now => _now
        )
        from (
            select a.*, 'usage_notice' as template from announced as a
            union all
            select w.*, 'usage_limit' from warned as w
        ) as t
        join public.account as a on a.id = t.account_id
        join public.member as m on m.account_id = t.account_id and m.role in ('owner', 'admin')
        join public.person as o on o.id = m.person_id and o.verified_at is not null
    )
    select t.account_id, t.share from announced as t where (select count(*) from mailed) >= 0;
    update public.usage as u
    set warned_quota = p.responses
    from public.usage as h
    cross join lateral fn.account_plan(h.account_id, _now) as p
    where h.month = _month and (_account_id is null or h.account_id = _account_id)
        and u.account_id = h.account_id and u.month = h.month and u.warned_quota is distinct from p.responses
        and u.responses >= 0.9 * fn.hidden_above(h.account_id, _month, p.responses);
end;
$$;

comment on function fn.announce_usage is
'Mails owner and admins of accounts that have used 80 % or all of their plan''s responses in a month: once each, and again after
a change to a larger plan; and shortly before messages are hidden. Returns the accounts. Part of fn.count_usage.';
