create function fn.check_tracker(
    _type text, _url text, _path text, _labels text[], _title text, _body text, _edit_rule text
) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(_type, '') <> all ('{github,gitlab,forgejo}') then
        raise exception 'type must be github, gitlab or forgejo.' using errcode = 'FB422';
    end if;
    if coalesce(char_length(_url), 0) not between 1 and 500 then
        raise exception 'The URL of the forge must have 1 to 500 characters.' using errcode = 'FB422';
    end if;
    if coalesce(_path, '') !~ '^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$' or char_length(_path) > 255 or _path ~ '(^|/)\.{1,2}(/|$)'
        or _type <> 'gitlab' and _path ~ '/.*/'
    then
        raise exception 'The repository must be as in owner/repository.' using errcode = 'FB422';
    end if;
    if cardinality(_labels) > 10 or exists (
        select 1 from unnest(_labels) as l (name) where char_length(l.name) not between 1 and 50 or l.name ~ '[[:cntrl:],]'
    ) then
        raise exception 'Enter at most 10 labels of at most 50 characters, without commas.' using errcode = 'FB422';
    end if;
    if coalesce(char_length(_title), 0) not between 1 and 200 or _title ~ '[[:cntrl:]]' or _title !~ '[^[:space:]]' then
        raise exception 'The title must be one line of 1 to 200 characters.' using errcode = 'FB422';
    end if;
    if coalesce(char_length(_body), 0) not between 1 and 4000 or _body ~ '[\x01-\x08\x0b-\x1f\x7f]' then
        raise exception 'The text must have 1 to 4,000 characters.' using errcode = 'FB422';
    end if;
    if _edit_rule <> '' and (
        char_length(_edit_rule) > 500 or _edit_rule !~ '^https?://[^[:space:]<>"]+$' or _edit_rule !~ '\{path\}'
    ) then
        raise exception 'The edit URL must begin with https:// and have {path} in it.' using errcode = 'FB422';
    end if;
end;
$$;

comment on function fn.check_tracker is 'Validates where issues are opened. FB422.';
