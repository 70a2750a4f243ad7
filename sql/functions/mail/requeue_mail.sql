-- Called by panel as installation.
create function fn.requeue_mail(_id uuid, _now timestamptz default now()) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _is_queued boolean;
begin
    update public.mail as m
    set outcome = null, done_at = null, next_at = _now, give_up_at = _now + interval '1 day', copies = 0,
        handed_over_at = null
    where m.id = _id and m.outcome in ('failed', 'unknown');
    _is_queued := found;
    if _is_queued then
        perform pg_notify('mail', '');
    end if;
    return _is_queued;
end;
$$;

comment on function fn.requeue_mail is
'Sends a mail again that failed or may have arrived, with the same Message-ID, for a day; false if it was deleted since.';
