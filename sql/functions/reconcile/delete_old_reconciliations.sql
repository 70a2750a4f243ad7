-- Called by jobs as installation.
create function fn.delete_old_reconciliations(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.reconciliation where found_at < _now - interval '400 days';
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_reconciliations is 'Forgets differences that were found more than 400 days ago.';
