create function fn.create_project(
    _account_id uuid, _name text, _slug text, _time_zone text default 'UTC', _origins text[] default '{}',
    _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
    _id uuid := fn.uuid_v7(_now);
    _origin text;
begin
    if coalesce(_slug, '') !~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' then
        raise exception 'The slug must be 1 to 63 of a-z, 0-9 and -, and neither begin nor end with -.'
            using errcode = 'FB422';
    end if;
    if char_length(trim(coalesce(_name, ''))) not between 1 and 200 then
        raise exception 'The name must have 1 to 200 characters.' using errcode = 'FB422';
    end if;
    if not exists (select from pg_catalog.pg_timezone_names as z where z.name = _time_zone) then
        raise exception 'There is no time zone %.', _time_zone
            using errcode = 'FB422', hint = 'Name one as the tz database does: Europe/Rome, UTC.';
    end if;
    foreach _origin in array _origins loop
        if _origin !~ '^(\*|https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?)$' then
            raise exception '% is not an origin.', _origin
                using errcode = 'FB422', hint = 'Write https://example.com, https://*.example.com, or * for every site.';
        end if;
    end loop;
    insert into public.project (account_id, id, slug, name, time_zone, origins, created_at)
    values (_account_id, _id, _slug, trim(_name), _time_zone, _origins, _now)
    on conflict (account_id, slug) do nothing;
    if not found then
        raise exception 'The account already has a project %.', _slug
            using errcode = 'FB409', hint = 'Choose another slug.';
    end if;
    insert into public.project_roll (account_id, project_id, through)
    values (_account_id, _id, (_now at time zone _time_zone)::date);
    return _id;
end;
$$;

comment on function fn.create_project is
'A new project of an account, whose origins may send from now on; FB422 for a bad name, slug, zone or origin, FB409 for a
slug that the account has already.';
