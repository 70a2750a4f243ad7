create function fn.check_changes(_changes jsonb, _kinds jsonb) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text;
    _value jsonb;
    _kind text;
begin
    if jsonb_typeof(_changes) is distinct from 'object' then
        raise exception 'The changes must be an object.' using errcode = 'FB422';
    end if;
    for _name, _value in select * from jsonb_each(_changes) loop
        _kind := _kinds ->> _name;
        if _kind is null then
            raise exception 'There is nothing named % to change.', left(_name, 64) using errcode = 'FB422';
        end if;
        continue when right(_kind, 1) = '?' and _value = 'null';
        if not (case rtrim(_kind, '?')
            when 'texts' then
                jsonb_typeof(_value) = 'array' and jsonb_array_length(_value) <= 100
                and not jsonb_path_exists(_value, 'strict $[*] ? (@.type() != "string")')
            when 'whole' then jsonb_typeof(_value) = 'number' and _value #>> '{}' ~ '^-?[0-9]{1,9}$'
            when 'seconds' then
                jsonb_typeof(_value) = 'number' and (_value #>> '{}')::numeric between 0 and 315360000
            else jsonb_typeof(_value) = rtrim(_kind, '?')
        end) then
            raise exception 'must be %.',
                case rtrim(_kind, '?')
                    when 'string' then 'a text'
                    when 'texts' then 'a list of at most 100 texts'
                    when 'whole' then 'a whole number'
                    when 'seconds' then 'seconds from 0 to 315360000'
                    when 'boolean' then 'true or false'
                    when 'array' then 'a list'
                    else 'an object'
                end || case when right(_kind, 1) = '?' then ' or null' else '' end
                using errcode = 'FB422', column = _name;
        end if;
    end loop;
end;
$$;

comment on function fn.check_changes is
'Validates an object of changes: names, and kinds of values (string, texts, whole, seconds, boolean, array or object; ? allows
null). FB422; a message about a value has no subject: the setting is the error''s COLUMN, so that each interface names it as its
callers do.';
