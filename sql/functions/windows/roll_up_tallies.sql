-- Called by jobs, panel as installation.
create function fn.roll_up_tallies(_limit integer default 100) returns integer
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _account_ids uuid[];
    _content_ids uuid[];
    _days date[];
    _touched_accounts uuid[];
    _touched_contents uuid[];
begin
    -- Whoever moves or recounts windows, or passes tallies on to them, does so alone.
    perform pg_advisory_xact_lock(hashtext('fn.roll_up_tallies'));
    with taken as (
        delete from public.tally_change as c
        where c.ctid = any (array(
            select ctid from public.tally_change
            order by account_id, content_id, day
            limit _limit
            -- A writer that still holds its note has counts to come; the note stays for the next time.
            for update skip locked
        ))
        returning c.account_id, c.content_id, c.day
    )
    select array_agg(account_id), array_agg(content_id), array_agg(day)
    into _account_ids, _content_ids, _days
    from taken;
    if _account_ids is null then
        return 0;
    end if;

    with before as (
        select t.account_id, t.content_id, t.day, t.option_no, t.rolled
        from public.tally_day as t
        join unnest(_account_ids, _content_ids, _days) as c (account_id, content_id, day)
            on t.account_id = c.account_id and t.content_id = c.content_id and t.day = c.day
        order by t.account_id, t.content_id, t.day, t.option_no
        for update of t
    ), rolled as (
        update public.tally_day as t
        set rolled = t.count
        from before as b
        where t.account_id = b.account_id and t.content_id = b.content_id and t.day = b.day
            and t.option_no = b.option_no and t.count <> b.rolled
        returning t.account_id, t.content_id, t.day, t.option_no, t.count - b.rolled as n
    ), delta as (
        select r.account_id, s.project_id, s.id as content_set_id, r.content_id, r.day, r.option_no, r.n,
            coalesce(p.through, '-infinity') as through
        from rolled as r
        join public.content as c on c.account_id = r.account_id and c.id = r.content_id
        join public.content_set as s on s.account_id = c.account_id and s.id = c.content_set_id
        left join public.project_roll as p on p.account_id = s.account_id and p.project_id = s.project_id
    ), windowed as (
        select
            d.account_id, d.project_id, d.content_set_id, d.content_id, w.days, d.option_no,
            coalesce(sum(d.n) filter (where d.day > d.through - w.days), 0) as count,
            coalesce(sum(d.n) filter (where d.day <= d.through - w.days), 0) as before
        from delta as d
        cross join fn.window as w
        where d.through > '-infinity' and d.day <= d.through and d.day > d.through - 2 * w.days
        group by d.account_id, d.project_id, d.content_set_id, d.content_id, w.days, d.option_no
    ), set_days as (
        insert into public.set_day as t (account_id, project_id, day, content_set_id, option_no, count)
        select account_id, project_id, day, content_set_id, option_no, sum(n)
        from delta
        group by account_id, project_id, day, content_set_id, option_no
        order by account_id, project_id, day, content_set_id, option_no
        on conflict (account_id, project_id, day, content_set_id, option_no)
            do update set count = t.count + excluded.count
    ), project_days as (
        insert into public.project_day as t (account_id, project_id, day, count)
        select account_id, project_id, day, sum(n)
        from delta
        group by account_id, project_id, day
        order by account_id, project_id, day
        on conflict (account_id, project_id, day) do update set count = t.count + excluded.count
    ), content_windows as (
        insert into public.content_window as t (account_id, content_id, days, option_no, count, before)
        select account_id, content_id, days, option_no, count, before
        from windowed
        order by account_id, content_id, days, option_no
        on conflict (account_id, content_id, days, option_no)
            do update set count = t.count + excluded.count, before = t.before + excluded.before
    ), set_windows as (
        insert into public.set_window as t (account_id, project_id, days, content_set_id, option_no, count, before)
        select account_id, project_id, days, content_set_id, option_no, sum(count), sum(before)
        from windowed
        group by account_id, project_id, days, content_set_id, option_no
        order by account_id, project_id, days, content_set_id, option_no
        on conflict (account_id, project_id, days, content_set_id, option_no)
            do update set count = t.count + excluded.count, before = t.before + excluded.before
    ), late as (
        insert into public.period_change (account_id, project_id, unit, starts_on, content_id)
        -- Of periods that are over too: they may be being closed at this moment, without what is passed on here.
        select distinct d.account_id, d.project_id, u.unit, fn.period_start(u.unit, d.day), d.content_id
        from delta as d
        cross join (values ('week'), ('month'), ('year')) as u (unit)
        left join public.period_close as c
            on c.account_id = d.account_id and c.project_id = d.project_id and c.unit = u.unit
        where fn.period_start(u.unit, d.day) <= c.starts_on
            or d.through > '-infinity' and fn.period_start(u.unit, d.day) < fn.period_start(u.unit, d.through)
        on conflict (account_id, project_id, unit, starts_on, content_id) do nothing
    )
    -- All that were noted: some because their options have changed.
    select array_agg(account_id), array_agg(content_id)
    into _touched_accounts, _touched_contents
    from (select distinct account_id, content_id from unnest(_account_ids, _content_ids) as t (account_id, content_id)) as t;
    perform fn.score_contents(_touched_accounts, _touched_contents);
    return cardinality(_account_ids);
end;
$$;

comment on function fn.roll_up_tallies is
'Passes on what changed in at most _limit daily tallies: to the days of projects and content sets, to the windows of sets,
to the windows and scores of contents, and to the list of closed periods that must be closed again. Returns how many it
took. A tally is passed on by what it differs from what was passed on before (tally_day.rolled), so each change arrives
once, whenever it comes.';
