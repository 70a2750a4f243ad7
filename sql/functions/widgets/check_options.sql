create function fn.check_options(_type text, _options jsonb) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    _count integer;
    _expected int4range := case _type
        when 'pulse' then '[1,1]' when 'message' then '[1,1]' when 'form' then '[1,1]'
        when 'updown' then '[2,2]' when 'yesno' then '[2,2]' when 'nps' then '[11,11]'
        else '[1,100]'
    end::int4range;
begin
    if jsonb_typeof(_options) is distinct from 'array' then
        raise exception 'The options must be a list.' using errcode = 'FB422';
    end if;
    _count := jsonb_array_length(_options);
    if not _expected @> _count then
        raise exception 'A widget of type % must have % options, not %.', _type,
            case when upper(_expected) - lower(_expected) = 1 then lower(_expected)::text else '1 to 100' end, _count
            using errcode = 'FB422';
    end if;
    if exists (
        select 1 from jsonb_array_elements(_options) as o
        where jsonb_typeof(o) <> 'object'
            or coalesce(char_length(o ->> 'value'), 0) not between 1 and 100
            or char_length(coalesce(o ->> 'label', '')) > 100 or char_length(coalesce(o ->> 'icon', '')) > 100
            or jsonb_typeof(coalesce(nullif(o -> 'weight', 'null'), '0')) <> 'number'
    ) then
        raise exception 'Each option needs a value of 1 to 100 characters; label and icon have at most 100.'
            using errcode = 'FB422';
    end if;
    if exists (select 1 from jsonb_array_elements(_options) as o where (o ->> 'weight')::numeric not between -1 and 1) then
        raise exception 'Weight must be between -1 and 1.' using errcode = 'FB422';
    end if;
    if exists (
        select 1 from jsonb_array_elements(_options) as o
        where jsonb_typeof(coalesce(o -> 'aliases', '[]')) <> 'array'
            or jsonb_array_length(coalesce(o -> 'aliases', '[]')) > 20
            or jsonb_path_exists(o, 'strict $.aliases[*] ? (@.type() != "string" || !(@ like_regex "^.{1,100}$"))', silent => true)
    ) then
        raise exception 'Aliases must be a list of at most 20 texts of 1 to 100 characters.' using errcode = 'FB422';
    end if;
    if (select count(distinct o ->> 'value') from jsonb_array_elements(_options) as o) < _count then
        raise exception 'Two options have the same value.' using errcode = 'FB422';
    end if;
    if (
        select count(distinct a) < count(*)
        from jsonb_array_elements(_options) as o
        cross join jsonb_array_elements_text(coalesce(o -> 'aliases', '[]')) as a
    ) then
        raise exception 'Two options have the same alias.' using errcode = 'FB422';
    end if;
    if _type in ('rating', 'nps') and exists (
        select 1 from jsonb_array_elements(_options) as o where o ->> 'value' !~ '^-?[0-9]{1,9}$'
    ) then
        raise exception 'The options of a % must be whole numbers.', _type using errcode = 'FB422';
    end if;
end;
$$;

comment on function fn.check_options is
'Validates options ([{value, label, icon, weight, aliases}]) of a widget of that type; FB422.';
