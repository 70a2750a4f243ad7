-- Called by jobs as installation.
create function fn.delete_unconfirmed_recipients(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.recap_recipient as r
    where r.confirmed_at is null and r.ended_at is null and r.asked_at < _now - interval '7 days';
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_unconfirmed_recipients is
'Forgets whoever was asked more than 7 days ago whether they want recaps, and did not say so; returns how many.';
