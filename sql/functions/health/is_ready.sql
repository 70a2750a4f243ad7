-- Called by app as installation.
create function fn.is_ready(_now timestamptz default now()) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return to_regclass('public.response_' || to_char(_now at time zone 'UTC', 'YYYY_MM')) is not null;
end;
$$;

comment on function fn.is_ready is
'Whether responses can be stored: the database is migrated, and this month has its partition.';
