-- Called by jobs as installation.
create function fn.mark_mail_handed(_id uuid, _attempt integer, _now timestamptz default now()) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.mail as m set handed_over_at = _now where m.id = _id and m.attempts = _attempt and m.outcome is null;
    return found;
end;
$$;

comment on function fn.mark_mail_handed is
'Records that a mail is about to be sent; false if it must not be, since another worker has claimed it or it is done.';
