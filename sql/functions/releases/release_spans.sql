create function fn.release_spans(_day date, _last_day date)
returns table (days integer, from_before date, to_before date, from_after date, to_after date)
language plpgsql immutable rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    _days integer := greatest(0, least(_last_day - _day, 28));
    -- Whole weeks have the same weekdays wherever they begin.
    _to_before date := case when _days % 7 = 0 then _day - 1 else _day - 7 + _days % 7 end;
begin
    return query select _days, _to_before - _days + 1, _to_before, _day + 1, _day + _days;
end;
$$;

comment on function fn.release_spans is
'What a release on _day is compared by, with _last_day as the last whole day: as many days after it as are over, at most 28, and
as many before it with the same weekdays. Its own day is in neither.';
