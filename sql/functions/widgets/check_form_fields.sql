create function fn.check_form_fields(_type text, _fields jsonb) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if _type <> 'form' and _fields <> '[]' then
        raise exception 'Only a form can have fields.' using errcode = 'FB422';
    end if;
    if jsonb_typeof(_fields) <> 'array' or jsonb_array_length(_fields) > 50 then
        raise exception 'The fields must be a list of at most 50.' using errcode = 'FB422';
    end if;
    if exists (
        select 1 from jsonb_array_elements(_fields) as f
        where jsonb_typeof(f) <> 'object'
            or coalesce(f ->> 'name', '') !~ '^[A-Za-z_][A-Za-z0-9_.-]{0,63}$'
            or coalesce(f ->> 'kind', 'text') not in ('text', 'email', 'number', 'boolean', 'choice')
            or jsonb_typeof(coalesce(f -> 'required', 'false')) <> 'boolean'
            or jsonb_typeof(coalesce(f -> 'min', '0')) <> 'number'
            or jsonb_typeof(coalesce(f -> 'max', '0')) <> 'number'
            or jsonb_typeof(coalesce(f -> 'choices', '[]')) <> 'array'
            or (f ->> 'kind' = 'choice' and jsonb_array_length(coalesce(f -> 'choices', '[]')) = 0)
            or exists (
                select 1 from jsonb_object_keys(f) as k
                where k not in ('name', 'kind', 'label', 'required', 'min', 'max', 'choices')
            )
    ) then
        raise exception 'Each field must be {name, kind, label, required, min, max, choices}.'
            using errcode = 'FB422', hint = 'A name is a letter, then letters, digits, _ . and -; a kind is text, email, '
                'number, boolean or choice; min and max bound a number or the length of a text.';
    end if;
    if (select count(distinct f ->> 'name') from jsonb_array_elements(_fields) as f) < jsonb_array_length(_fields) then
        raise exception 'Two fields have the same name.' using errcode = 'FB422';
    end if;
end;
$$;

comment on function fn.check_form_fields is 'Validates the fields of a form; FB422.';
