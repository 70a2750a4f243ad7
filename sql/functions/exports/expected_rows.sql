-- Called by app as account.
create function fn.expected_rows(
    _account_id uuid, _project_id uuid, _kind text, _widget_id uuid, _from_day date, _to_day date
) returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    if _kind = 'responses' then
        return (
            select coalesce(sum(d.count), 0)
            from public.widget_day as d
            where d.account_id = _account_id and d.project_id = _project_id
                and (_widget_id is null or d.widget_id = _widget_id)
                and d.day between coalesce(_from_day, '-infinity') and coalesce(_to_day, 'infinity')
        );
    end if;
    return (
        select coalesce(sum(s.placements), 0) * case _kind when 'pages' then 1 when 'windows' then 4 else 12 end
        from public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id
            and (_widget_id is null or s.id = _widget_id)
    );
end;
$$;

comment on function fn.expected_rows is
'The approximate number of rows of an export: responses by their daily counts, otherwise a multiple of the placements.';
