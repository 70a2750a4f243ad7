-- Called by app as account.
create function fn.destinations(_account_id uuid, _project_id uuid, _id uuid default null)
returns table (
    id uuid, name text, type text, url text, recipient text, events text[], widget_ids uuid[], patterns text[], options text[],
    has_text boolean, pace text, hour integer, enabled boolean, is_ended boolean, failing_since timestamptz, waiting bigint,
    previous_until timestamptz, created_at timestamptz, sentiments text[], quiet_from integer, quiet_until integer,
    paused_at timestamptz, languages text[]
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- A URL can be a secret, as those of chat services are.
    perform fn.allow(_account_id, 'admin', _project_id);
    return query
    select d.id, d.name, d.type, d.url, (
            select n.email from public.member as m
            join public.person as n on n.id = m.person_id
            where m.account_id = d.account_id and m.person_id = d.recipient_id
        ),
        d.events, d.widget_ids, d.patterns, d.options, d.has_text, d.pace, d.hour::integer, d.disabled_at is null, d.is_ended,
        d.failing_since, (
            select count(*) from public.delivery as v
            where v.account_id = d.account_id and v.destination_id = d.id and v.done_at is null
        ),
        case when d.previous_until > now() then d.previous_until end, d.created_at, d.sentiments, d.quiet_from::integer,
        d.quiet_until::integer, d.paused_at, coalesce(d.languages, '{}')
    from public.destination as d
    where d.account_id = _account_id and d.project_id = _project_id and (_id is null or d.id = _id)
    order by d.id;
    if not found and _id is not null then
        raise exception 'There is no such destination.' using errcode = 'FB404',
            hint = 'See the destinations of your project.';
    end if;
end;
$$;

comment on function fn.destinations is
'The destinations of a project, oldest first, or the one of _id, with the number of deliveries that wait. FB404, FB403.';
