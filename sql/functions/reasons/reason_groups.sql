create function fn.reason_groups(
    _account_id uuid, _figures json, _is_covered boolean default false, _placement_ids uuid[] default null,
    _from date default null, _to date default null
) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if _figures is null then
        return '[]';
    end if;
    return (
        with figure as materialized (
            select f.widget_id, f.option_no, f.reason_no, f.count, f.compared, f.before, r.value, r.label, r.position,
                r.archived_at is not null as is_archived,
                -- Mentions are counted at once, responses within a minute: no share is more than all.
                greatest(f.total, max(f.count) over one) as total,
                greatest(f.total_compared, max(f.compared) over one) as total_compared,
                greatest(f.total_before, max(f.before) over one) as total_before
            from (
                select (e.figure ->> 'widget_id')::uuid as widget_id, (e.figure ->> 'option_no')::smallint as option_no,
                    (e.figure ->> 'reason_no')::smallint as reason_no, (e.figure ->> 'count')::bigint as count,
                    (e.figure ->> 'total')::bigint as total, (e.figure ->> 'compared')::bigint as compared,
                    (e.figure ->> 'total_compared')::bigint as total_compared,
                    (e.figure ->> 'before')::bigint as before, (e.figure ->> 'total_before')::bigint as total_before
                from json_array_elements(_figures) as e (figure)
            ) as f
            join public.reason as r on r.account_id = _account_id and r.widget_id = f.widget_id and r.no = f.reason_no
            where f.count > 0 or r.archived_at is null
            window one as (partition by f.widget_id, f.option_no)
        ), quote as materialized (
            select q.widget_id, q.reason_no, q.quotes
            from fn.reason_quotes(
                _account_id, array(select distinct f.widget_id from figure as f where f.count > 0), _placement_ids, _from, _to
            ) as q
            where _from is not null
        ), grouped as (
            select f.widget_id, f.option_no, max(f.total) as total, sum(f.count) as mentions,
                json_agg(json_build_object(
                    'value', f.value, 'label', f.label, 'is_archived', f.is_archived, 'count', f.count,
                    'share', f.count / nullif(f.total, 0)::double precision,
                    'share_interval', fn.wilson_interval(f.count, f.total),
                    'share_before',
                    case when _is_covered then f.before / nullif(f.total_before, 0)::double precision end,
                    'is_change', _is_covered and coalesce(
                        fn.is_share_change(f.compared, f.total_compared, f.before, f.total_before), false
                    ),
                    'quotes', coalesce(q.quotes, '[]')
                ) order by f.count desc, f.position, f.reason_no) as reasons
            from figure as f
            left join quote as q on q.widget_id = f.widget_id and q.reason_no = f.reason_no
            group by f.widget_id, f.option_no
        )
        select coalesce(json_agg(json_build_object(
            'widget_id', s.id, 'widget', s.name, 'option', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight,
            'responses', g.total, 'mentions', g.mentions, 'reasons', g.reasons
        ) order by s.created_at, s.id, o.position, o.no), '[]')
        from grouped as g
        join public.widget as s on s.account_id = _account_id and s.id = g.widget_id
        join public.option as o on o.account_id = _account_id and o.widget_id = g.widget_id and o.no = g.option_no
        where g.mentions > 0 or o.retired_at is null
    );
end;
$$;

comment on function fn.reason_groups is
'Why, as JSON: the options with reasons, in order, each with its reasons, most mentions first, from rows of fn.window_reasons. A share
is of the responses with the option; a change of it is one beyond chance (fn.is_share_change), and none where the window is not
covered. With the newest messages of the days from _from to _to, where given (fn.reason_quotes).';
