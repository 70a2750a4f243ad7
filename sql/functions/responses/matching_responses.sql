create function fn.matching_responses(
    _account_id uuid, _project_id uuid, _widget_id uuid, _placement_ids uuid[], _option_no smallint, _from date, _to date,
    _text text, _before_id uuid, _limit integer, _zone text, _now timestamptz,
    _since_id uuid default null, _reason_no smallint default null, _sign integer default null
) returns uuid[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    _widget_ids uuid[] := array(
        select s.id from public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id
            and (_widget_id is null or s.id = _widget_id)
    );
    _lower text := lower(_text);
    _pattern text := '%' || regexp_replace(_lower, '([\\%_])', '\\\1', 'g') || '%';
    _even text[] := fn.text_bigrams(_account_id, _lower, 0);
    _odd text[] := fn.text_bigrams(_account_id, _lower, 1);
    _matching_ids uuid[] := '{}';
    _hidden_from timestamptz := fn.hidden_from(_account_id);
    _has_moved boolean := coalesce((
        select r.has_moved from public.project_roll as r where r.account_id = _account_id and r.project_id = _project_id
    ), true);
    _is_any_day boolean := _from <= '0001-01-01' and _to >= '9999-12-31';
    _day date;
    _first_id uuid;
    _end_id uuid;
begin
    if _text <> '' then
        -- A text that many messages have is soon found among the newest; the index would return every message that has it.
        if _even is not null and _odd is not null then
            _first_id := (
                select f.id
                from unnest(_widget_ids) as s (id)
                cross join lateral (
                    select i.id from public.response as i
                    where i.account_id = _account_id and i.widget_id = s.id and (i.body is not null or i.fields is not null)
                        and (_before_id is null or i.id < _before_id) and (_since_id is null or i.id >= _since_id)
                    order by i.id desc
                    limit 1000
                ) as f
                order by f.id desc
                offset 999 limit 1
            );
        end if;
        -- Widget by widget, along the index of messages.
        _matching_ids := array(
            select f.id
            from unnest(_widget_ids) as s (id)
            cross join lateral (
                select i.id from public.response as i
                where i.account_id = _account_id and i.widget_id = s.id and (i.body is not null or i.fields is not null)
                    and i.id >= coalesce(_first_id, _since_id, '00000000-0000-0000-0000-000000000000')
                    and (_before_id is null or i.id < _before_id) and i.created_at < _hidden_from
                    and (_placement_ids is null or i.placement_id = any (_placement_ids))
                    and (_option_no is null or i.option_no = _option_no)
                    and (_reason_no is null or _reason_no = any (i.reason_nos))
                    and (_sign is null or fn.is_judged(i.account_id, i.widget_id, i.option_no, _sign))
                    -- Without days the conversion to the zone, a quarter of the search, is spared.
                    and (_is_any_day or (i.created_at at time zone _zone)::date between _from and _to)
                    and (lower(i.body) like _pattern or lower(i.fields::text) like _pattern
                        or lower(i.contact) like _pattern or lower(i.context ->> '$user') like _pattern)
                order by i.id desc
                limit _limit
            ) as f
            order by f.id desc
            limit _limit
        );
        if _first_id is not null and cardinality(_matching_ids) < _limit then
            _matching_ids := _matching_ids || fn.responses_with_text(
                _account_id, _project_id, _widget_ids, _placement_ids, _option_no, _from, _to, _pattern, _even, _odd,
                _first_id, _limit - cardinality(_matching_ids), _zone, _now, _since_id, _reason_no, _sign
            );
        end if;
        return _matching_ids;
    end if;
    -- Tallies know on which days there is something to find; only these are looked into.
    for _day in
        select d.day from fn.response_days(
            _account_id, _project_id, _widget_id, _placement_ids, _option_no, _from, _to, (_now at time zone _zone)::date,
            _zone, _reason_no, _sign
        ) as d
    loop
        if _has_moved then  -- the zone may have been another one then: 14 hours more either way
            _first_id := fn.uuid_floor(_day::timestamp at time zone 'UTC' - interval '14 hours');
            _end_id := fn.uuid_floor(_day::timestamp at time zone 'UTC' + interval '38 hours');
        else
            _first_id := fn.uuid_floor(fn.day_start(_day, _zone) - interval '1 minute');
            _end_id := fn.uuid_floor(fn.day_start(_day + 1, _zone) + interval '1 minute');
        end if;
        continue when _before_id < _first_id;
        _matching_ids := _matching_ids || array(
            select i.id from public.response as i
            where i.account_id = _account_id
                and i.id >= _first_id and i.id < least(_before_id, _end_id)
                and i.widget_id = any (_widget_ids) and (_since_id is null or i.id >= _since_id)
                and (_placement_ids is null or i.placement_id = any (_placement_ids))
                and (_option_no is null or i.option_no = _option_no)
                and (_reason_no is null or _reason_no = any (i.reason_nos))
                and (_sign is null or fn.is_judged(i.account_id, i.widget_id, i.option_no, _sign))
                and coalesce(i.counted_on, (i.created_at at time zone _zone)::date) = _day
            order by i.id desc
            limit _limit - cardinality(_matching_ids)
        );
        exit when cardinality(_matching_ids) >= _limit;
    end loop;
    return _matching_ids;
end;
$$;

comment on function fn.matching_responses is
'Ids of at most _limit responses of a project, newest first, older than _before_id and not older than _since_id (null: any), of that widget, those
placements (null: all), that option, reason, time and _sign of the weight (null: any). _text is searched in messages and forms, and in the addresses of who sent them.';
