create function fn.filtered_messages(
    _account_id uuid, _project_id uuid, _view text, _widget_id uuid, _placement_ids uuid[], _option text, _after uuid,
    _before uuid, _limit integer, _reason text default ''
) returns uuid[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _ids uuid[] := '{}';
    _widget_ids uuid[] := array(
        select s.id from public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id
            and (_widget_id is null or s.id = _widget_id)
    );
    _option_no smallint;
    _reason_no smallint;
    _day date;
begin
    if _option <> '' then
        select o.no into _option_no from public.option as o
        where o.account_id = _account_id and o.widget_id = _widget_id and o.value = _option;
        if not found then
            return _ids;
        end if;
    end if;
    if _reason <> '' then
        select r.no into _reason_no from fn.named_reasons(_account_id, array[_widget_id], _option, _reason) as r;
        if not found then
            return _ids;
        end if;
    end if;
    -- Tallies know on which days there is something to find; only these are looked into.
    for _day in
        select d.day from fn.response_days(
            _account_id, _project_id, _widget_id, _placement_ids, _option_no, '0001-01-01', '9999-12-31',
            (now() at time zone 'UTC')::date, 'UTC', _reason_no
        ) as d
    loop
        continue when _before < fn.uuid_floor(_day::timestamp at time zone 'UTC' - interval '14 hours');
        exit when _after > fn.uuid_floor(_day::timestamp at time zone 'UTC' + interval '38 hours');
        _ids := _ids || array(
            select f.id
            from unnest(_widget_ids) as s (id)
            join public.response as f
                on f.account_id = _account_id and f.widget_id = s.id and (f.body is not null or f.fields is not null)
                and f.id > _after and f.id >= fn.uuid_floor(_day::timestamp at time zone 'UTC' - interval '14 hours')
                and f.id < least(_before, fn.uuid_floor(_day::timestamp at time zone 'UTC' + interval '38 hours'))
            left join public.message_state as m on m.account_id = _account_id and m.response_id = f.id
            where coalesce(f.counted_on, (f.created_at at time zone 'UTC')::date) = _day
                and (_placement_ids is null or f.placement_id = any (_placement_ids))
                and (_option_no is null or f.option_no = _option_no)
                and (_reason_no is null or _reason_no = any (f.reason_nos))
                and fn.is_in_view(_view, m.folder, m.is_read, m.is_starred)
            order by f.id desc
            limit _limit - cardinality(_ids)
        );
        exit when cardinality(_ids) >= _limit;
    end loop;
    return _ids;
end;
$$;

comment on function fn.filtered_messages is
'Ids of messages as of fn.inbox_messages, newest first: of some placements (null: all) and of an option of the widget, or a reason
of that, by their values.
Looks into the days on which they have responses.';
