-- Called by jobs as installation.
create function fn.delete_expired_tokens(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.token where expires_at <= _now;
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_expired_tokens is 'Forgets links that are out of date; returns how many.';
