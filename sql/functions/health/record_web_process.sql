-- Called by ingest as installation.
create function fn.record_web_process(_id uuid, _now timestamptz default now()) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.web_process (id, seen_at) values (_id, _now)
    on conflict (id) do update set seen_at = excluded.seen_at;
    delete from public.web_process as w where w.id in (
        select o.id from public.web_process as o where o.seen_at < _now - interval '1 minute' for update skip locked
    );
    return (select count(*) from public.web_process as w where w.seen_at >= _now - interval '20 seconds');
end;
$$;

comment on function fn.record_web_process is
'Records that a web process runs; returns how many have said so in the last 20 seconds, this one included.';
