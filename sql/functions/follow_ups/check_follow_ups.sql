create function fn.check_follow_ups(_widget public.widget, _follow_ups jsonb) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _field text := 'followUps';
    _message text := 'must be a list of at most 100.';
    _most integer := 100;
begin
    if jsonb_typeof(_follow_ups) = 'array' and jsonb_array_length(_follow_ups) <= 100 then
        select e.field, e.message, e.most into _field, _message, _most
        from fn.follow_up_errors(
            (select t.has_text from fn.widget_type as t where t.name = _widget.type),
            array(
                select o.value from public.option as o
                where o.account_id = _widget.account_id and o.widget_id = _widget.id and o.retired_at is null
            ),
            _follow_ups
        ) as e
        limit 1;
    end if;
    if _message is not null then
        raise exception '%', _message using errcode = 'FB422', column = _field,
            detail = jsonb_strip_nulls(jsonb_build_object('limit', _most))::text;
    end if;
end;
$$;

comment on function fn.check_follow_ups is
'Validates follow-ups ([{option, question, multiple, message, contact, thanks, reasons: [{value, label}]}]) of a widget; FB422 with
the column, such as followUps[0].question, and in the detail its limit.';
