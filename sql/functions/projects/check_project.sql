create function fn.check_project(_project public.project) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _origin text;
begin
    if coalesce(_project.slug, '') !~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' then
        raise exception 'The slug must have 1 to 63 of the characters a-z, 0-9 and -, and not begin or end with -.'
            using errcode = 'FB422';
    end if;
    if char_length(coalesce(_project.name, '')) not between 1 and 200 or _project.name ~ '[[:cntrl:]]' then
        raise exception 'The name must have 1 to 200 characters, on one line.' using errcode = 'FB422';
    end if;
    if not exists (select 1 from pg_catalog.pg_timezone_names as z where z.name = _project.time_zone) then
        raise exception 'There is no time zone %.', left(_project.time_zone, 64)
            using errcode = 'FB422', hint = 'Use a name of the tz database, such as Europe/Rome or UTC.';
    end if;
    foreach _origin in array _project.origins loop
        if char_length(_origin) > 300 or _origin !~ '^(\*|https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?)$' then
            raise exception '% is not an origin.', left(_origin, 100)
                using errcode = 'FB422', hint = 'Write https://example.com, https://*.example.com, or * for every site.';
        end if;
    end loop;
    if _project.visitor_policy not in ('visitor', 'address', 'open') then
        raise exception 'There is no visitor policy %.', left(_project.visitor_policy, 64) using errcode = 'FB422',
            hint = 'Use visitor, address or open.';
    end if;
    if _project.retention_days not between 1 and 36500 then
        raise exception 'Retention must be 1 to 36500 days, or null for unlimited.' using errcode = 'FB422';
    end if;
    if _project.network_pages not between 0 and 1000000 or _project.network_messages not between 0 and 1000000 then
        raise exception 'New pages and messages a day from one network must be 0 to 1000000.' using errcode = 'FB422';
    end if;
    perform fn.check_key_rules(_project.key_rules);
end;
$$;

comment on function fn.check_project is 'Validates settings of a project; FB422 names the setting.';
