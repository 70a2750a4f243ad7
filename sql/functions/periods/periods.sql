create function fn.periods(_account_id uuid, _scope_id uuid, _unit text, _from date, _to date)
returns table (
    starts_on date, option_nos smallint[], counts bigint[], total bigint, before bigint, positive double precision,
    neutral double precision, negative double precision, sentiment double precision, average double precision, nps double precision,
    score double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return query
    select p.starts_on, p.option_nos, p.counts, p.total, p.before, p.positive, p.neutral, p.negative, p.sentiment,
        p.average, p.nps, p.score
    from public.period as p
    where p.account_id = _account_id and p.scope_id = _scope_id and p.unit = _unit and p.starts_on between _from and _to
    order by p.starts_on;
end;
$$;

comment on function fn.periods is
'Closed periods of a placement, widget or project that start from _from to _to; those without responses have no row.';
