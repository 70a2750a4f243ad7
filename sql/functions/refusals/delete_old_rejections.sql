-- Called by jobs as installation.
create function fn.delete_old_rejections(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.rejection where hour < _now - interval '30 days';
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_rejections is 'Forgets rejections older than 30 days; returns how many counters went.';
