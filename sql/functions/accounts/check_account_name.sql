create function fn.check_account_name(_name text) returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    _trimmed text := trim(coalesce(_name, ''));
begin
    if char_length(_trimmed) not between 1 and 200 then
        raise exception 'The name of the account must have 1 to 200 characters.' using errcode = 'FB422';
    end if;
    if _trimmed ~ '[[:cntrl:]]' then
        raise exception 'The name of the account must be one line.' using errcode = 'FB422';
    end if;
    if _trimmed ~* '://|@' then
        raise exception 'The name of the account must not contain an address.' using errcode = 'FB422';
    end if;
    return _trimmed;
end;
$$;

comment on function fn.check_account_name is 'The trimmed name; FB422 for one that is empty, too long, longer than a line or contains an address.';
