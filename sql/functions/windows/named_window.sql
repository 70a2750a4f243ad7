create function fn.named_window(
    _account_id uuid, _project_id uuid, _name text, _from date, _to date, _now timestamptz default now()
) returns table (days smallint, from_day date, to_day date)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _today date;
    _first date;
begin
    -- Windows end where the roll-up has brought them, which is today unless the scheduler stands still; never after today.
    select least(r.through, (_now at time zone p.time_zone)::date) into _today
    from public.project as p
    left join public.project_roll as r on r.account_id = _account_id and r.project_id = p.id
    where p.account_id = _account_id and p.id = _project_id;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    if _name = 'all' then
        _first := (
            select min(d.day) from public.project_day as d
            where d.account_id = _account_id and d.project_id = _project_id and d.count > 0
        );
    end if;
    return query
    select n.days::smallint, n.from_day, n.to_day
    from (
        values
            ('24h', 1, _today, _today),
            ('today', null, _today, _today),
            ('yesterday', null, _today - 1, _today - 1),
            ('7d', 7, _today - 6, _today),
            ('30d', 30, _today - 29, _today),
            ('90d', 90, _today - 89, _today),
            ('365d', 365, _today - 364, _today),
            ('month', null, date_trunc('month', _today)::date, _today),
            (
                'last-month', null, (date_trunc('month', _today) - interval '1 month')::date,
                date_trunc('month', _today)::date - 1
            ),
            ('all', null, least(_first, _today), _today),
            ('', null, _from, case when _from <= _today then least(_to, _today) else _to end)
    ) as n (name, days, from_day, to_day)
    where n.name = coalesce(_name, '');
    if not found then
        raise exception 'There is no period “%”.', _name using errcode = 'FB422', hint = 'Choose one of the list.';
    end if;
end;
$$;

comment on function fn.named_window is
'A window by its name, in the project''s zone: 24h (days 1), today, yesterday, 7d, 30d, 90d, 365d (days is their number), month (to
date), last-month, all (from the first response on); without a name the days from _from to _to, or to
today if that comes first. FB404, FB422.';
