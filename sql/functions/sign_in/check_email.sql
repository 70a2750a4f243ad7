create function fn.check_email(_email text) returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    _trimmed text := lower(trim(coalesce(_email, '')));
begin
    if char_length(_trimmed) > 254 or _trimmed !~ '^[^][:space:][:cntrl:]<>@",;:()[\\]+@[^][:space:][:cntrl:]<>@",;:()[\\]+$' then
        raise exception 'This is not an email address.'
            using errcode = 'FB422', hint = 'Write it as ann@example.com.';
    end if;
    return _trimmed;
end;
$$;

comment on function fn.check_email is 'The address, trimmed and in lower case; FB422 for an invalid one.';
