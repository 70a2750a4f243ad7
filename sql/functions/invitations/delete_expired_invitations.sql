-- Called by jobs as installation.
create function fn.delete_expired_invitations(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.invitation as i where i.expires_at < _now - interval '30 days';
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_expired_invitations is 'Forgets invitations whose link is out of date for 30 days; returns how many.';
