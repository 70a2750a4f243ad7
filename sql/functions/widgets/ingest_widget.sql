-- Called by ingest as installation.
create function fn.ingest_widget(_id uuid, _at timestamptz default now())
returns table (
    account_id uuid, project_id uuid, type text, visitor_policy text, edit_seconds double precision, origins text[],
    test_mode boolean, is_archived boolean, is_stopped boolean, key_rules text, fields text, is_open_form boolean, day date,
    day_starts_ms bigint, day_ends_ms bigint, options text, follow_ups text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _account_id uuid := fn.directory_account('widget', uuid_send(_id));
begin
    return query
    select
        s.account_id, s.project_id, s.type, s.visitor_policy, extract(epoch from s.edit_window)::double precision,
        p.origins, p.test_mode, coalesce(s.archived_at, p.archived_at) is not null,
        exists (
            select 1 from public.usage as u
            where u.account_id = _account_id and u.month = date_trunc('month', _at at time zone 'UTC')::date
                and u.stopped_at is not null
        ),
        (p.key_rules || s.key_rules || jsonb_build_object('free_keys', p.free_keys))::text, s.fields::text, s.is_open_form,
        (_at at time zone p.time_zone)::date,
        ceil(extract(epoch from fn.day_start((_at at time zone p.time_zone)::date, p.time_zone)) * 1000)::bigint,
        ceil(extract(epoch from fn.day_start((_at at time zone p.time_zone)::date + 1, p.time_zone)) * 1000)::bigint,
        (
            select jsonb_agg(
                jsonb_build_object(
                    'no', o.no, 'value', o.value, 'aliases', o.aliases, 'label', o.label, 'icon', o.icon
                )
                order by o.position
            )::text
            from public.option as o
            where o.account_id = _account_id and o.widget_id = s.id and o.retired_at is null
        ),
        case when exists (
            select 1 from public.follow_up as u where u.account_id = _account_id and u.widget_id = s.id
        ) then jsonb_strip_nulls(fn.widget_follow_ups(_account_id, s.id))::text end
    from public.widget as s
    join public.project as p on p.account_id = _account_id and p.id = s.project_id
    where s.account_id = _account_id and s.id = _id;
end;
$$;

comment on function fn.ingest_widget is
'A widget for ingestion: its account and project, its rules, whether its account has used ten times its plan (is_stopped), its
options in order, its follow-ups (null for none), its day at _at in the project''s zone, and when that day starts and ends
(milliseconds since 1970).';
