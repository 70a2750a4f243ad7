-- Called by app as account.
create function fn.exports(_account_id uuid, _project_id uuid, _now timestamptz default now())
returns table (
    id uuid, kind text, format text, widget_name text, from_day date, to_day date, text text, email text,
    requested_at timestamp, expected bigint, rows bigint, bytes bigint, done_at timestamp, expires_at timestamp, error text,
    is_claimed boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    select
        e.id, e.kind, e.format, s.name, e.from_day, e.to_day, e.text, n.email, e.requested_at at time zone p.time_zone,
        e.expected, e.rows, e.bytes, e.done_at at time zone p.time_zone,
        (e.done_at + interval '7 days') at time zone p.time_zone, e.error, coalesce(e.claimed_until > _now, false)
    from public.export as e
    join public.project as p on p.account_id = e.account_id and p.id = e.project_id
    left join public.widget as s on s.account_id = e.account_id and s.id = e.widget_id
    left join public.person as n on n.id = e.person_id
    where e.account_id = _account_id and e.project_id = _project_id
    order by e.id desc
    limit 50;
end;
$$;

comment on function fn.exports is 'The newest 50 exports of a project, with times in its zone; bytes are those of the file.';
