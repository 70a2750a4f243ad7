create function fn.window_spans(
    _zone text, _from date, _to date, _until timestamptz, _has_moved boolean,
    _compare text default 'previous'
)
returns table (
    is_before boolean, sign integer, low timestamptz, high timestamptz, first_day date, last_day date, is_whole boolean
)
language plpgsql immutable rows 4
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    _shift integer := fn.comparison_days(_to - _from + 1, _compare);
    _start timestamptz := fn.day_start(_from, _zone);
    _start_before timestamptz := fn.day_start(_from - _shift, _zone);
    -- How long both last: until the full hour, and never longer than the shorter of them, which a change of the clocks decides.
    _elapsed interval := greatest(
        interval '0',
        least(
            _until - _start, fn.day_start(_to + 1, _zone) - _start,
            fn.day_start(_to - _shift + 1, _zone) - _start_before
        )
    );
    -- Days are those of the zone in which a response was counted; another zone's differ by 26 hours at most.
    _margin interval := case when _has_moved then interval '26 hours' else interval '0' end;
begin
    return query
    with side (is_before, from_day, to_day, at) as (
        values (false, _from, _to, _start + _elapsed), (true, _from - _shift, _to - _shift, _start_before + _elapsed)
    )
    select s.is_before, k.sign, k.low, k.high, k.first_day, k.last_day, e.is_whole
    from side as s
    cross join lateral (select s.at = fn.day_start(s.to_day + 1, _zone) as is_whole) as e
    cross join lateral (
        values
            (1, fn.day_start(s.to_day, _zone) - _margin, s.at, s.to_day, s.to_day),
            (-1, s.at, fn.day_start(s.to_day, _zone) + _margin, greatest(s.from_day, s.to_day - 3), s.to_day - 1)
    ) as k (sign, low, high, first_day, last_day)
    where k.low < k.high and k.first_day <= k.last_day and (k.sign = 1 or not e.is_whole);
end;
$$;

comment on function fn.window_spans is
'The one definition of a comparison. A window of the days from _from to _to is compared until _until, a full hour: with the
days fn.comparison_days before, over the same elapsed time. Each side is all its days but the last, plus what these spans add
(sign 1) or take away (-1): responses created from low to high and counted on the days from first_day to last_day. is_whole: these
are all of a day.';
