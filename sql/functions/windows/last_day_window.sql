create function fn.last_day_window(_account_id uuid, _project_id uuid, _content_set_id uuid, _content_id uuid) returns json
language plpgsql stable
set search_path = ''
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
        from public.content_set as s
        join public.content as c on c.account_id = s.account_id and c.content_set_id = s.id
        join fn.last_day as l on l.account_id = c.account_id and l.content_id = c.id
        join public.option as o on o.account_id = s.account_id and o.content_set_id = s.id and o.no = l.option_no
        where s.account_id = _account_id and s.project_id = _project_id
            and (_content_set_id is null or s.id = _content_set_id) and (_content_id is null or c.id = _content_id)
    );
end;
$$;

comment on function fn.last_day_window is
'What the last 24 hours say of a project, or of a set or content of it, beside the 24 before; null without a signal.';
