create function fn.check_key_rules(_rules jsonb) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(_rules) is distinct from 'object' or exists (
        select 1 from jsonb_each(_rules) as r (name, rule)
        where not case
            when name in ('trailing_slash', 'index', 'www', 'hash_routes') then jsonb_typeof(rule) = 'boolean'
            when name = 'aliases' then
                jsonb_typeof(rule) = 'object'
                and not jsonb_path_exists(rule, 'strict $.* ? (@.type() != "string")')
                and (select count(*) from jsonb_each(rule)) <= 100
            when name = 'query' then
                rule in ('"keep"', '"drop"')
                or jsonb_typeof(rule) = 'array' and jsonb_array_length(rule) <= 100
                and not jsonb_path_exists(rule, 'strict $[*] ? (@.type() != "string")')
            else false
        end
    ) then
        raise exception 'The URL matching rules are not valid.' using errcode = 'FB422',
            hint = 'aliases is an object of at most 100 host names; query is keep, drop, or a list of at most 100 '
                'parameters to keep; each other rule is true or false.';
    end if;
end;
$$;

comment on function fn.check_key_rules is 'Validates rules for page keys, as app.ingest.keys.KeyRules; FB422.';
