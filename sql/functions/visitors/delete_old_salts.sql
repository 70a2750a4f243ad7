-- Called by jobs as installation.
create function fn.delete_old_salts(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _deleted bigint;
begin
    delete from public.visitor_salt where day < (_now at time zone 'UTC')::date;
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_salts is
'Deletes salts of days before today (UTC): from then on the hashes that fn.delete_old_visits has not deleted yet identify nobody.';
