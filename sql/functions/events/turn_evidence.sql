create function fn.turn_evidence(
    _unhappy double precision[], _totals double precision[], out evidence double precision, out turned smallint
)
language plpgsql immutable strict
set search_path = pg_catalog, pg_temp
as $$
declare
    _most_days constant integer := 400;
    _unhappy_sum double precision := (select coalesce(sum(i.n), 0) from unnest(_unhappy) as i (n));
    _total double precision := (select coalesce(sum(i.n), 0) from unnest(_totals) as i (n));
    -- The likelihood of a share that has not changed, at the share that suits it best.
    _steady double precision := 0;
begin
    if _unhappy_sum > 0 then
        _steady := _steady + _unhappy_sum * ln(_unhappy_sum / _total);
    end if;
    if _unhappy_sum < _total then
        _steady := _steady + (_total - _unhappy_sum) * ln((_total - _unhappy_sum) / _total);
    end if;
    with days as (
        select i.no, sum(i.unhappy) over (order by i.no) as unhappy, sum(i.total) over (order by i.no) as total
        from unnest(_unhappy, _totals) with ordinality as i (unhappy, total, no)
    ), ratios as (
        -- The odds that both parts would have been predicted so, response by response, with the estimate of Krichevsky and
        -- Trofimov for a share that nobody knows.
        select d.no, fn.log_gamma(d.unhappy + 0.5) + fn.log_gamma(d.total - d.unhappy + 0.5) - fn.log_gamma(d.total + 1)
            + fn.log_gamma(_unhappy_sum - d.unhappy + 0.5)
            + fn.log_gamma(_total - d.total - _unhappy_sum + d.unhappy + 0.5) - fn.log_gamma(_total - d.total + 1)
            - 2 * ln(pi()) - _steady as odds
        from days as d
        where d.total > 0 and d.total < _total and d.no <= _most_days
    ), greatest as (
        select max(r.odds) as odds, (array_agg(r.no order by r.odds desc))[1] as no from ratios as r
    )
    select g.odds + ln(sum(exp(greatest(r.odds - g.odds, -700)))) - ln(_most_days), g.no
    into evidence, turned
    from ratios as r
    cross join greatest as g
    group by g.odds, g.no;
end;
$$;

comment on function fn.turn_evidence is
'How strongly the unhappy responses and all responses of up to 400 days, oldest first, say that the share changed on one of them: the
logarithm of an e-value, and after which day, the first being 1, it most likely did; null where that cannot be said. However often one
looks while days are added, the probability that it ever exceeds ln(1/p) is at most p if the share is steady: its numerator is a mixture of
predictions, one for each day of change, and its denominator at least the likelihood of any steady share (universal inference, Wasserman,
Ramdas and Balakrishnan, 2020).';
