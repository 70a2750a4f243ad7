-- Called by app as installation.
create function fn.installation(_person_id uuid, _now timestamptz default now())
returns table (
    accounts bigint, people bigint, projects bigint, placements bigint, responses bigint, responses_of_week bigint,
    database_bytes bigint, postgres text, scheduler text, mails_waiting bigint, mails_failed bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow_installation(_person_id);
    return query
    select
        (select count(*) from public.account),
        (select count(*) from public.person as p where p.verified_at is not null),
        (select count(*) from public.project),
        coalesce((select sum(s.placements) from public.widget as s), 0)::bigint,
        coalesce((select sum(d.count) from public.project_day as d), 0)::bigint,
        coalesce((select sum(d.count) from public.project_day as d where d.day > (_now at time zone 'UTC')::date - 7), 0)::bigint,
        pg_database_size(current_database()),
        current_setting('server_version'),
        case when to_regclass('cron.job') is null then 'Feelback’s own' else 'pg_cron' end,
        m.waiting, m.failed
    from fn.mail_waiting(_now) as m;
end;
$$;

comment on function fn.installation is
'Totals of the installation, for its owner: accounts, people with a verified address, projects, placements, counted responses in
all and of 7 days; the database''s size in bytes, the version of Postgres, the scheduler in use; waiting mails, and those that
failed within a day. FB404 for everybody else.';
