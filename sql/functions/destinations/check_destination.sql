create function fn.check_destination(
    _account_id uuid, _project_id uuid, _destination public.destination
) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _types constant text[] := array(select t.name from fn.event_type as t);
begin
    if coalesce(char_length(trim(_destination.name)), 0) not between 1 and 100 or _destination.name ~ '[[:cntrl:]]' then
        raise exception 'The name must be one line of 1 to 100 characters.' using errcode = 'FB422';
    end if;
    if _destination.type is null or _destination.type not in ('webhook', 'email', 'slack', 'discord', 'teams', 'apprise') then
        raise exception 'The type must be webhook, email, slack, discord, teams or apprise.' using errcode = 'FB422';
    end if;
    if _destination.type not in ('email', 'apprise') and (
        coalesce(_destination.url, '') !~ '^https?://[^[:space:]/@]+(/[^[:space:]]*)?$' or char_length(_destination.url) > 2000
    ) then
        raise exception 'The URL must begin with https://, without a user or password, and have at most 2,000 characters.'
            using errcode = 'FB422';
    end if;
    if _destination.type = 'apprise' and coalesce(octet_length(_destination.secret), 0) not between 1 and 1100 then
        raise exception 'The URL of Apprise must have 1 to 1,000 bytes.' using errcode = 'FB422';
    end if;
    if coalesce(cardinality(_destination.events), 0) = 0 or not _destination.events <@ _types then
        raise exception 'The events must be one or more of %.', array_to_string(_types, ', ') using errcode = 'FB422';
    end if;
    if cardinality(_destination.widget_ids) > 100 or exists (
        select 1 from unnest(_destination.widget_ids) as i (id)
        where not exists (
            select 1 from public.widget as w
            where w.account_id = _account_id and w.project_id = _project_id and w.id = i.id
        )
    ) then
        raise exception 'The widgets must be at most 100 of this project.' using errcode = 'FB422';
    end if;
    if cardinality(_destination.patterns) > 20 or exists (
        select 1 from unnest(_destination.patterns) as g (pattern) where char_length(g.pattern) not between 1 and 500
    ) then
        raise exception 'A destination has at most 20 page patterns of 1 to 500 characters.' using errcode = 'FB422',
            hint = 'Leave them out for all pages, or use /docs/* for some.';
    end if;
    if cardinality(_destination.options) > 100 or exists (
        select 1 from unnest(_destination.options) as o (value) where char_length(o.value) not between 1 and 100
    ) then
        raise exception 'A destination has at most 100 options of 1 to 100 characters.' using errcode = 'FB422';
    end if;
    if _destination.pace is null or _destination.pace not in ('each', 'quarter', 'hourly', 'daily') then
        raise exception 'The pace must be each, quarter, hourly or daily.' using errcode = 'FB422';
    end if;
    if not _destination.sentiments <@ '{happy,neutral,unhappy}' then
        raise exception 'The sentiments must be happy, neutral or unhappy.' using errcode = 'FB422';
    end if;
    if cardinality(_destination.languages) > 20 or exists (
        select 1 from unnest(_destination.languages) as l (language) where l.language !~ '^[a-z]{2,3}$'
    ) then
        raise exception 'A destination has at most 20 languages, each a code of two or three letters such as en.'
            using errcode = 'FB422';
    end if;
    if (_destination.quiet_from is null) <> (_destination.quiet_until is null)
        or _destination.quiet_from not between 0 and 23 or _destination.quiet_until not between 0 and 23 then
        raise exception 'Quiet hours need two hours from 0 to 23.' using errcode = 'FB422';
    end if;
    if _destination.hour is null or _destination.hour not between 0 and 23 then
        raise exception 'The hour must be from 0 to 23.' using errcode = 'FB422';
    end if;
end;
$$;

comment on function fn.check_destination is 'FB422 with the setting at fault and its limit, unless a destination may be stored.';
