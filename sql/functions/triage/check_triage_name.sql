create function fn.check_triage_name(_text text, _field text, _most integer) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(char_length(_text), 0) not between 1 and _most or _text ~ '[[:cntrl:]]' or _text !~ '[^[:space:]]' then
        raise exception 'The % must be one line of 1 to % characters.', _field, _most using errcode = 'FB422';
    end if;
end;
$$;

comment on function fn.check_triage_name is 'Checks the name of a tag or a saved view. FB422.';
