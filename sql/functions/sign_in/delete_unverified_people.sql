-- Called by jobs as installation.
create function fn.delete_unverified_people(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.person as p where p.verified_at is null and p.created_at < _now - interval '7 days';
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_unverified_people is
'Forgets those who signed up more than 7 days ago and never showed that the address is theirs; returns how many.';
