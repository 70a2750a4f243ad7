-- Called by jobs as installation.
create function fn.delete_expired_sessions(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.session where expires_at <= _now;
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_expired_sessions is 'Ends the sessions whose time is over; returns how many.';
