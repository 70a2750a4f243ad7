create function fn.check_follow_ups(_widget public.widget, _follow_ups jsonb) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _unknown text;
begin
    if jsonb_typeof(_follow_ups) is distinct from 'array' or jsonb_array_length(_follow_ups) > 100 then
        raise exception 'The follow-ups must be a list of at most 100.' using errcode = 'FB422';
    end if;
    if exists (
        select from jsonb_array_elements(_follow_ups) as u
        where jsonb_typeof(u) <> 'object' or char_length(btrim(coalesce(u ->> 'question', ''))) not between 1 and 200
            or jsonb_typeof(coalesce(u -> 'reasons', '[]')) <> 'array'
            or jsonb_typeof(coalesce(u -> 'multiple', 'false')) <> 'boolean'
            or jsonb_typeof(coalesce(u -> 'message', 'false')) <> 'boolean'
            or jsonb_typeof(coalesce(u -> 'contact', 'false')) <> 'boolean'
    ) then
        raise exception 'Each follow-up needs a question of 1 to 200 characters and a list of reasons.' using errcode = 'FB422';
    end if;
    select u ->> 'option' into _unknown from jsonb_array_elements(_follow_ups) as u
    where not exists (
        select from public.option as o
        where o.account_id = _widget.account_id and o.widget_id = _widget.id and o.retired_at is null
            and o.value = u ->> 'option'
    );
    if found then
        raise exception 'This widget has no option %.', coalesce(_unknown, 'without a value') using errcode = 'FB422';
    end if;
    if (
        select count(distinct u ->> 'option') < count(*) from jsonb_array_elements(_follow_ups) as u
    ) then
        raise exception 'Two follow-ups have the same option.' using errcode = 'FB422';
    end if;
    if exists (select from jsonb_array_elements(_follow_ups) as u where jsonb_array_length(u -> 'reasons') > 20) then
        raise exception 'An option can have at most 20 reasons.' using errcode = 'FB422';
    end if;
    if exists (
        select from jsonb_array_elements(_follow_ups) as u
        cross join jsonb_array_elements(coalesce(u -> 'reasons', '[]')) as r
        where jsonb_typeof(r) <> 'object' or char_length(coalesce(r ->> 'value', '')) not between 1 and 100
            or char_length(coalesce(r ->> 'label', '')) > 100
    ) then
        raise exception 'Each reason needs a value of 1 to 100 characters; its label has at most 100.' using errcode = 'FB422';
    end if;
    if exists (
        select from jsonb_array_elements(_follow_ups) as u
        where (
            select count(distinct r ->> 'value') < count(*) from jsonb_array_elements(coalesce(u -> 'reasons', '[]')) as r
        )
    ) then
        raise exception 'Two reasons of an option have the same value.' using errcode = 'FB422';
    end if;
    if exists (
        select from jsonb_array_elements(_follow_ups) as u
        where coalesce(jsonb_array_length(u -> 'reasons'), 0) = 0 and u -> 'message' is distinct from 'true'
            and u -> 'contact' is distinct from 'true'
    ) then
        raise exception 'A follow-up must take reasons, a message or a contact.' using errcode = 'FB422';
    end if;
    if exists (
        select from fn.widget_type as t
        cross join jsonb_array_elements(_follow_ups) as u
        where t.name = _widget.type and t.has_text and u -> 'message' = 'true'
    ) then
        raise exception 'A widget of type % takes a message with its value.', _widget.type using errcode = 'FB422',
            hint = 'Leave the message out of its follow-ups.';
    end if;
end;
$$;

comment on function fn.check_follow_ups is
'Validates follow-ups ([{option, question, multiple, message, contact, reasons: [{value, label}]}]) of a widget; FB422.';
