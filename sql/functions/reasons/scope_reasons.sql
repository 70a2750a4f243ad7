create function fn.scope_reasons(
    _account_id uuid, _project_id uuid, _widget_id uuid, _placement_id uuid, _days smallint, _is_covered boolean
) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _through date := (
        select r.through from public.project_roll as r where r.account_id = _account_id and r.project_id = _project_id
    );
begin
    return fn.reason_groups(
        _account_id,
        (
            select json_agg(r)
            from fn.window_reasons(
                _account_id, _project_id, _days, _through - _days + 1, _through, 'previous',
                case when _placement_id is not null then array[_placement_id] end, false, _widget_id
            ) as r
        ),
        _is_covered
    );
end;
$$;

comment on function fn.scope_reasons is
'The reasons of a widget, or of one of its placements, in the last 24 hours (_days 1) or the window of _days (fn.reason_groups).';
