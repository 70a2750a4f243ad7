-- Called by app as account.
create function fn.exported_pages(
    _account_id uuid, _project_id uuid, _widget_id uuid, _placement_id uuid, _text text, _after uuid, _through uuid,
    _is_csv boolean
) returns table (
    id uuid, widget text, type text, page text, first_response_at text, archived_at text, responses bigint,
    sentiment double precision, average double precision, answers json
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _iso constant text := 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select
        c.id, fn.defused(s.name, _is_csv), s.type, fn.defused(c.key, _is_csv),
        to_char(c.created_at at time zone 'UTC', _iso), to_char(c.archived_at at time zone 'UTC', _iso),
        coalesce(t.responses, 0)::bigint,
        t.sentiment, t.average, t.answers
    from public.placement as c
    join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
    left join lateral (
        select
            sum(i.count) as responses, sum(i.count * o.weight) / nullif(sum(i.count), 0) as sentiment,
            sum(i.count * o.number) / nullif(sum(i.count), 0) as average,
            json_object_agg(o.value, i.count order by o.position) as answers
        from public.tally as i
        join fn.scored_option as o on o.account_id = s.account_id and o.widget_id = s.id and o.no = i.option_no
        where i.account_id = c.account_id and i.placement_id = c.id
    ) as t on true
    where c.account_id = _account_id and c.id > coalesce(_after, '00000000-0000-0000-0000-000000000000')
        and c.id <= _through and s.project_id = _project_id and (_widget_id is null or s.id = _widget_id)
        and (_placement_id is null or c.id = _placement_id)
        and (_text = '' or strpos(lower(c.key), lower(_text)) > 0)
        and c.target_id is null
    order by c.id;
end;
$$;

comment on function fn.exported_pages is
'The placements of a slice of an export, one a row, with their counts of all time. answers has the number of responses for
each value.';
