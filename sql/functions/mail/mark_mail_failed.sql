-- Called by jobs as installation.
create function fn.mark_mail_failed(
    _id uuid, _attempt integer, _error text, _is_final boolean, _now timestamptz default now()
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _next_at timestamptz := _now + least(interval '1 minute' * 2 ^ least(_attempt - 1, 10), interval '4 hours');
    _is_over boolean;
begin
    update public.mail as m
    set last_error = _error,
        handed_over_at = null,
        next_at = _next_at,
        outcome = case when _is_final or _next_at > m.give_up_at then 'failed' end,
        done_at = case when _is_final or _next_at > m.give_up_at then _now end
    where m.id = _id and m.attempts = _attempt and m.outcome is null
    returning m.outcome is not null into _is_over;
    return coalesce(_is_over, false);
end;
$$;

comment on function fn.mark_mail_failed is
'Records a failed attempt: the mail is due again after 1, 2, 4, … minutes, at most 4 hours, or has failed for good, if that is
final or too late; returns whether it has. Does nothing if another worker has claimed the mail.';
