create function fn.last_day_window(_account_id uuid, _project_id uuid, _widget_id uuid, _placement_id uuid) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select case when sum(l.count) > 0 or sum(l.before) > 0 then json_build_object(
            'days', 1, 'total', sum(l.count), 'before', sum(l.before),
            'positive', sum(l.count) filter (where o.weight > 0)::double precision / nullif(sum(l.count), 0),
            'neutral', sum(l.count) filter (where o.weight = 0)::double precision / nullif(sum(l.count), 0),
            'negative', sum(l.count) filter (where o.weight < 0)::double precision / nullif(sum(l.count), 0),
            'sentiment', sum(l.count * o.weight) / nullif(sum(l.count), 0)
        ) end
        from public.widget as s
        join public.placement as c on c.account_id = s.account_id and c.widget_id = s.id
        join fn.last_day as l on l.account_id = c.account_id and l.placement_id = c.id
        join public.option as o on o.account_id = s.account_id and o.widget_id = s.id and o.no = l.option_no
        where s.account_id = _account_id and s.project_id = _project_id
            and (_widget_id is null or s.id = _widget_id) and (_placement_id is null or c.id = _placement_id)
    );
end;
$$;

comment on function fn.last_day_window is
'The last 24 hours of a project, or its widget or placement, with the 24 before; null without responses.';
