-- Called by jobs as installation.
create function fn.mark_mail_failed(
    _id uuid, _attempt integer, _error text, _is_final boolean, _now timestamptz default now(),
    _may_have_arrived boolean default false
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
        phase = null,
        copies = c.copies,
        handed_over_at = case when c.copies > 0 then m.handed_over_at end,
        next_at = _next_at,
        outcome = case when c.is_over then case when c.copies > 0 then 'unknown' else 'failed' end end,
        done_at = case when c.is_over then _now end
    from (
        select n.copies, _is_final or _next_at > n.give_up_at or n.copies >= fn.most_copies(n.consent) as is_over
        from (
            select o.consent, o.give_up_at,
                -- A dot that the server refused left no copy.
                o.copies - (coalesce(o.phase, '') = 'dot' and not _may_have_arrived)::integer as copies
            from public.mail as o
            where o.id = _id and o.attempts = _attempt and o.outcome is null
            for update
        ) as n
    ) as c
    where m.id = _id
    returning m.outcome is not null into _is_over;
    perform fn.record_delivery(_id, _now);
    return coalesce(_is_over, false);
end;
$$;

comment on function fn.mark_mail_failed is
'Records a failed attempt: the mail is due again after 1, 2, 4, … minutes, at most 4 hours, or has ended, if that is final, too
late, or as many copies may have arrived as fn.most_copies allows; returns whether it has. _may_have_arrived: the server did not
answer the final dot. Does nothing if another worker has claimed the mail.';
