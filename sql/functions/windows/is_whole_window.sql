create function fn.is_whole_window(
    _zone text, _from date, _to date, _until timestamptz, _compare text default 'previous'
) returns boolean
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    _shift integer := fn.comparison_days(_to - _from + 1, _compare);
begin
    return _until >= fn.day_start(_to + 1, _zone)
        and fn.day_start(_to + 1, _zone) - fn.day_start(_from, _zone)
            = fn.day_start(_to - _shift + 1, _zone) - fn.day_start(_from - _shift, _zone);
end;
$$;

comment on function fn.is_whole_window is
'Whether a window is over and lasted as long as its comparison, so that both are whole days and neither is cut (fn.window_spans).';
