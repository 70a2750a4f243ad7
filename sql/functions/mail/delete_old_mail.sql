-- Called by jobs as installation.
create function fn.delete_old_mail(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.mail where outcome is not null and done_at < _now - interval '30 days';
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_mail is 'Forgets the mails that were sent, kept or failed more than 30 days ago; returns how many.';
