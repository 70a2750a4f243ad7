-- Called by jobs as installation.
create function fn.enqueue_recaps(_account_id uuid, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _project_ids uuid[];
    _units text[];
    _starts date[];
    _to_ids uuid[];
    _emails text[];
    _mail_ids uuid[];
    _give_up_ats timestamptz[];
    _new_ids uuid[];
begin
    with due as (
        -- What was under way eight hours ago, by the clocks there; the one before it is due.
        select p.id as project_id, p.unit, (p.ends_on - ('1 ' || p.unit)::interval)::date as starts_on
        from (
            select p.*, u.unit,
                fn.period_start(u.unit, ((_now at time zone p.time_zone) - interval '8 hours')::date) as ends_on
            from public.project as p
            cross join (values ('week'), ('month')) as u (unit)
            where p.account_id = _account_id and p.archived_at is null
        ) as p
        join public.account as a on a.id = _account_id and a.deletion_at is null
        join public.period_close as c on c.account_id = _account_id and c.project_id = p.id and c.unit = p.unit
        left join public.recap_turn as t on t.account_id = _account_id and t.project_id = p.id and t.unit = p.unit
        where c.starts_on >= (p.ends_on - ('1 ' || p.unit)::interval)::date
            and (
                t.starts_on < (p.ends_on - ('1 ' || p.unit)::interval)::date
                or t.starts_on is null and p.created_at <= (p.ends_on + time '08:00') at time zone p.time_zone
            )
    ), turns as (
        insert into public.recap_turn as t (account_id, project_id, unit, starts_on)
        select _account_id, d.project_id, d.unit, d.starts_on from due as d
        on conflict (account_id, project_id, unit) do update set starts_on = excluded.starts_on
        where t.starts_on < excluded.starts_on
        returning t.project_id, t.unit, t.starts_on
    )
    select array_agg(t.project_id), array_agg(t.unit), array_agg(t.starts_on) into _project_ids, _units, _starts from turns as t;
    if _project_ids is null then
        return 0;
    end if;

    select array_agg(r.project_id), array_agg(r.to_id), array_agg(r.unit), array_agg(r.starts_on), array_agg(r.email),
        array_agg(fn.uuid_v7(_now)), array_agg(least(r.next_at, _now + interval '7 days'))
    into _project_ids, _to_ids, _units, _starts, _emails, _mail_ids, _give_up_ats
    from (
        select n.project_id, s.to_id, n.unit, n.starts_on, s.email, n.next_at
        from (
            select p.id as project_id, t.unit, t.starts_on,
                (t.starts_on + t.span + time '08:00') at time zone p.time_zone as due_at,
                (t.starts_on + t.span + t.span + time '08:00') at time zone p.time_zone as next_at
            from (
                select t.project_id, t.unit, t.starts_on, ('1 ' || t.unit)::interval as span
                from unnest(_project_ids, _units, _starts) as t (project_id, unit, starts_on)
            ) as t
            join public.project as p on p.account_id = _account_id and p.id = t.project_id
            where exists (
                select 1 from public.period as d
                where d.account_id = _account_id and d.scope_id = t.project_id and d.unit = t.unit and d.scope = 'project'
                    and d.starts_on in (t.starts_on, (t.starts_on - t.span)::date)
            )
        ) as n
        join fn.recap_audience as s on s.account_id = _account_id and s.project_id = n.project_id
        where case n.unit when 'week' then s.weekly else s.monthly end and s.since <= n.due_at
        order by n.project_id, n.unit
    ) as r;

    -- Who has a row got this recap already, or it is on its way, whatever recap_turn says.
    with delivery as (
        insert into public.recap_delivery (account_id, project_id, to_id, unit, starts_on, mail_id, updated_at)
        select _account_id, r.project_id, r.to_id, r.unit, r.starts_on, r.mail_id, _now
        from unnest(_project_ids, _to_ids, _units, _starts, _mail_ids) as r (project_id, to_id, unit, starts_on, mail_id)
        on conflict do nothing
        returning mail_id
    )
    select array_agg(d.mail_id) into _new_ids from delivery as d;
    if _new_ids is null then
        return 0;
    end if;
    insert into public.mail (id, recipient, template, context, consent, give_up_at, created_at, next_at)
    select m.id, m.email, 'recap', jsonb_build_object('unit', m.unit, 'starts_on', m.starts_on),
        fn.recap_consent(_account_id, m.project_id, m.to_id), m.give_up_at, _now, _now
    from unnest(_mail_ids, _emails, _project_ids, _to_ids, _units, _starts, _give_up_ats)
        as m (id, email, project_id, to_id, unit, starts_on, give_up_at)
    where m.id = any (_new_ids);
    perform pg_notify('mail', '');
    return cardinality(_new_ids);
end;
$$;

comment on function fn.enqueue_recaps is
'Queues the recaps of an account that are due, one per recipient and period (recap_delivery); returns how many. They are due at 08:00 in the project''s zone, on Monday for the
ISO week before and on the first for the month before, once that period is closed; not for archived projects or accounts to be
deleted. After an outage only the newest week and month are made up for. Of quiet periods only the first is mailed. A recap that
could not be sent by 08:00 of the next period, or in seven days, is given up.';
