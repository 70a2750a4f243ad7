-- Called by jobs as installation.
create function fn.delete_old_attempts(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.attempt where free_at <= _now;
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_attempts is 'Forgets who has all their tries again; returns how many.';
