-- Called by jobs as installation.
create function fn.enqueue_recaps(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _enqueued bigint;
begin
    with due as (
        select p.account_id, p.id as project_id, u.unit, s.starts_on
        from public.project as p
        join public.account as a on a.id = p.account_id and a.deletion_at is null
        cross join (values ('week'), ('month')) as u (unit)
        join public.period_close as c on c.account_id = p.account_id and c.project_id = p.id and c.unit = u.unit
        left join public.recap_turn as t on t.account_id = p.account_id and t.project_id = p.id and t.unit = u.unit
        -- What was under way eight hours ago, by the clocks there; the one before it is due.
        cross join lateral (
            select fn.period_start(u.unit, ((_now at time zone p.time_zone) - interval '8 hours')::date) as ends_on
        ) as e
        cross join lateral (select (e.ends_on - ('1 ' || u.unit)::interval)::date as starts_on) as s
        where p.archived_at is null and c.starts_on >= s.starts_on
            and (
                t.starts_on < s.starts_on
                or t.starts_on is null and p.created_at <= (e.ends_on + time '08:00') at time zone p.time_zone
            )
    ), turns as (
        insert into public.recap_turn as t (account_id, project_id, unit, starts_on)
        select d.account_id, d.project_id, d.unit, d.starts_on from due as d
        on conflict (account_id, project_id, unit) do update set starts_on = excluded.starts_on
        where t.starts_on < excluded.starts_on
        returning t.*
    ), news as (
        -- By key from each turn: how many there are the planner cannot know, and would pair them all with all.
        select t.*, (t.starts_on + s.span + time '08:00') at time zone p.time_zone as due_at,
            (t.starts_on + s.span + s.span + time '08:00') at time zone p.time_zone as next_at
        from turns as t
        join public.project as p on p.account_id = t.account_id and p.id = t.project_id
        cross join lateral (select ('1 ' || t.unit)::interval as span) as s
        where exists (
            select from public.period as d
            where d.account_id = t.account_id and d.scope_id = t.project_id and d.unit = t.unit and d.scope = 'project'
                and d.starts_on in (t.starts_on, (t.starts_on - s.span)::date)
        )
    ), recipients as (
        select n.account_id, n.project_id, s.to_id, n.unit, n.starts_on, s.email, fn.uuid_v7(_now) as mail_id,
            least(n.next_at, _now + interval '7 days') as give_up_at
        from news as n
        join fn.recap_audience as s on s.account_id = n.account_id and s.project_id = n.project_id
        where case n.unit when 'week' then s.weekly else s.monthly end and s.since <= n.due_at
        order by n.account_id, n.project_id, n.unit
    ), deliveries as (
        -- Who has a row got this recap already, or it is on its way, whatever recap_turn says.
        insert into public.recap_delivery (account_id, project_id, to_id, unit, starts_on, mail_id, updated_at)
        select r.account_id, r.project_id, r.to_id, r.unit, r.starts_on, r.mail_id, _now from recipients as r
        on conflict do nothing
        returning mail_id
    ), sent as (
        insert into public.mail (id, recipient, template, context, consent, give_up_at, created_at, next_at)
        select r.mail_id, r.email, 'recap', jsonb_build_object('unit', r.unit, 'starts_on', r.starts_on),
            fn.recap_consent(r.account_id, r.project_id, r.to_id), r.give_up_at, _now, _now
        from recipients as r
        join deliveries as d on d.mail_id = r.mail_id
        returning 1
    )
    select count(*) into _enqueued from sent;
    if _enqueued > 0 then
        perform pg_notify('mail', '');
    end if;
    return _enqueued;
end;
$$;

comment on function fn.enqueue_recaps is
'Queues the recaps that are due, one per recipient and period (recap_delivery); returns how many. They are due at 08:00 in the project''s zone, on Monday for the
ISO week before and on the first for the month before, once that period is closed; not for archived projects or accounts to be
deleted. After an outage only the newest week and month are made up for. Of quiet periods only the first is mailed. A recap that
could not be sent by 08:00 of the next period, or in seven days, is given up.';
