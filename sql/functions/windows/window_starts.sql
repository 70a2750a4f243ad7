create function fn.window_starts(
    _days smallint, _from date, _to date, _zone text, _until timestamptz, _is_hourly boolean default false
) returns timestamp[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _span integer := _to - _from + 1;
    _parts integer := case when _span <= 92 then _span when _span <= 731 then _span / 7 else _span / 30 end;
begin
    if _days = 1 then
        return array(
            select (_until - make_interval(hours => 24 - n)) at time zone _zone
            from generate_series(0, 24) as n
        );
    end if;
    if _is_hourly then
        return array(
            select h at time zone _zone
            from generate_series(fn.day_start(_from, _zone), fn.day_start(_from + 1, _zone), interval '1 hour') as h
        );
    end if;
    return array(
        select (_from + (n * _span + _parts - 1) / _parts)::timestamp
        from generate_series(0, _parts) as n
    );
end;
$$;

comment on function fn.window_starts is
'Starts of the parts of a window''s trend, and the end of the last, in the zone: the 24 hours until _until (_days 1), the hours of
the day _from (_is_hourly), or days, weeks or months of the days from _from to _to, evenly divided.';
