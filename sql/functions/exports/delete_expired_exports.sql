-- Called by jobs as installation.
create function fn.delete_expired_exports(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.export as e where e.done_at < _now - interval '7 days';
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_expired_exports is 'Removes exports that have been ready for a week; returns how many.';
