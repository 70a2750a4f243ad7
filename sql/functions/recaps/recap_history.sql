create function fn.recap_history(_account_id uuid, _project_id uuid, _unit text, _starts_on date, _limit integer)
returns table (starts_on date, total bigint, positive double precision)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.day::date, coalesce(p.total, 0), p.positive
    from generate_series(
        _starts_on - (_limit - 1) * ('1 ' || _unit)::interval, _starts_on::timestamp, ('1 ' || _unit)::interval
    ) as s (day)
    left join public.period as p
        on p.account_id = _account_id and p.scope_id = _project_id and p.unit = _unit and p.starts_on = s.day::date
        and p.scope = 'project'
    order by s.day;
end;
$$;

comment on function fn.recap_history is 'The last periods of a project up to one, oldest first, none left out.';
