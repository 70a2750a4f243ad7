-- Called by jobs as installation.
create function fn.mail_waiting(_now timestamptz default now())
returns table (waiting bigint, due bigint, oldest_at timestamptz, failed bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        (select count(*) from public.mail as m where m.outcome is null),
        (select count(*) from public.mail as m where m.outcome is null and m.next_at <= _now),
        (select min(m.created_at) from public.mail as m where m.outcome is null),
        (select count(*) from public.mail as m where m.outcome = 'failed' and m.done_at > _now - interval '1 day');
end;
$$;

comment on function fn.mail_waiting is
'Number of waiting mails, of due ones, the age of the oldest, and how many failed for good within a day.';
