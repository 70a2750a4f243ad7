-- Called by ingest as installation.
create function fn.delete_web_process(_id uuid) returns void
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
    delete from public.web_process as w where w.id = _id
$$;

comment on function fn.delete_web_process is 'Records that a web process has ended, so that the others share its limits.';
