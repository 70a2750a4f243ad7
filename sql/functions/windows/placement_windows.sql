create function fn.placement_windows(_account_id uuid, _placement_id uuid)
returns table (
    days smallint, total bigint, before bigint, positive double precision, neutral double precision,
    negative double precision, sentiment double precision, average double precision, score double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select k.days, k.total, k.before, k.positive, k.neutral, k.negative, k.sentiment, k.average, k.score
    from public.placement_score as k
    where k.account_id = _account_id and k.placement_id = _placement_id
    order by k.days;
end;
$$;

comment on function fn.placement_windows is
'Rolling windows of a placement, each with the total of the window before; those without responses have no row.';
