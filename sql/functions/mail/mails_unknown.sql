-- Called by jobs as installation.
create function fn.mails_unknown(_now timestamptz default now()) returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (select count(*) from public.mail as m where m.outcome = 'unknown' and m.done_at > _now - interval '1 day');
end;
$$;

comment on function fn.mails_unknown is 'Number of mails of the last day of which it is unknown whether they arrived.';
