create function fn.check_design(_appearance jsonb, _texts jsonb) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text;
    _value jsonb;
    _language text;
    _sizes numrange;
begin
    for _name, _value in select * from jsonb_each(_appearance) loop
        if _name in ('accent', 'background', 'text') then
            if jsonb_typeof(_value) <> 'string' or _value #>> '{}' !~ '^#[0-9a-f]{6}$' then
                raise exception 'A color must be written as #rrggbb, such as #4453d6.' using errcode = 'FB422';
            end if;
        elsif _name in ('radius', 'size') then
            _sizes := case _name when 'radius' then '[0,40]' else '[10,32]' end;
            if jsonb_typeof(_value) <> 'number' or not _sizes @> (_value #>> '{}')::numeric then
                raise exception '% must be % to % pixels.', case _name when 'radius' then 'Corners' else 'Text size' end,
                    lower(_sizes), upper(_sizes) using errcode = 'FB422';
            end if;
        else
            raise exception 'There is no appearance setting %.', left(_name, 64) using errcode = 'FB422';
        end if;
    end loop;
    if (select count(*) > 20 from jsonb_object_keys(_texts)) then
        raise exception 'A widget can have texts in at most 20 languages.' using errcode = 'FB422';
    end if;
    for _language, _value in select * from jsonb_each(_texts) loop
        if _language !~ '^([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$' then
            raise exception '% is not a language.', left(_language, 64)
                using errcode = 'FB422', hint = 'Use a code such as de, pt-BR or zh-Hans.';
        end if;
        if jsonb_typeof(_value) <> 'object' or exists (
            select 1 from jsonb_each(_value) as t
            where t.key !~ '^(label|sent|removed|send|again|message|email|tag|low|high|option:.{1,100})$'
                or jsonb_typeof(t.value) <> 'string' or char_length(t.value #>> '{}') not between 1 and 200
                or t.value #>> '{}' ~ '[[:cntrl:]]'
        ) then
            raise exception 'Each text must have 1 to 200 characters, on one line.' using errcode = 'FB422';
        end if;
    end loop;
end;
$$;

comment on function fn.check_design is
'Validates the appearance and the texts of a widget, two JSON objects as in their columns; FB422.';
