create function fn.announce_usage(_account_id uuid, _month date, _now timestamptz) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _usage public.usage;
    _hidden_above bigint;
    _share smallint;
    _templates text[] := '{}';
    _template text;
    _context jsonb;
    _email text;
begin
    select * into _usage from public.usage as u where u.account_id = _account_id and u.month = _month for update;
    if not coalesce(_usage.responses >= 0.8 * _usage.quota, false) then
        return 0;
    end if;
    _hidden_above := fn.hidden_above(_account_id, _month, _usage.quota);
    _share := case when _usage.responses >= _usage.quota then 100 else 80 end;
    -- A larger plan is announced again.
    if _usage.notified_percent < _share or _usage.quota > _usage.notified_quota then
        _templates := array['usage_notice'];
        _usage.notified_percent := _share;
        _usage.notified_quota := _usage.quota;
    end if;
    if _usage.responses >= 0.9 * _hidden_above and _usage.warned_quota is distinct from _usage.quota then
        -- Where the limit is enforced at once, the mail at 80 % says so.
        if _hidden_above > _usage.quota and _usage.responses < _hidden_above then
            _templates := _templates || 'usage_limit'::text;
        end if;
        _usage.warned_quota := _usage.quota;
    end if;
    update public.usage as u
    set notified_percent = _usage.notified_percent, notified_quota = _usage.notified_quota, warned_quota = _usage.warned_quota
    where u.account_id = _account_id and u.month = _month
        and (u.notified_percent, u.notified_quota, u.warned_quota)
        is distinct from (_usage.notified_percent, _usage.notified_quota, _usage.warned_quota);
    if _templates = '{}' then
        return 0;
    end if;
    select jsonb_build_object(
        'account', a.name, 'plan', p.title, 'share', _share, 'responses', to_char(_usage.responses, 'FM999,999,999,999'),
        'quota', to_char(_usage.quota, 'FM999,999,999,999'),
        'renews', to_char(_month + interval '1 month', 'FMDD FMMonth'),
        'month', to_char(_month, 'FMMonth'), 'is_enforced', _hidden_above = _usage.quota,
        'is_second', exists (
            select 1 from public.usage as b
            where b.account_id = _account_id and b.month = (_month - interval '1 month')::date and b.responses > b.quota
        ),
        'limit', to_char(_hidden_above, 'FM999,999,999,999')
    ) into _context
    from public.account as a
    cross join fn.account_plan(_account_id, _now) as p
    where a.id = _account_id;
    for _email in
        select p.email from public.member as m
        join public.person as p on p.id = m.person_id and p.verified_at is not null
        where m.account_id = _account_id and m.role in ('owner', 'admin')
    loop
        foreach _template in array _templates loop
            perform fn.enqueue_mail(_email, _template, _context, _give_up_at => _now + interval '3 days', _now => _now);
        end loop;
    end loop;
    return 1;
end;
$$;

comment on function fn.announce_usage is
'Mails owner and admins of an account that has used 80 % or all of its plan''s responses in a month: once each, and again after
a change to a larger plan; and shortly before messages are hidden. Returns 1 if it mails. Part of fn.count_usage.';
