-- Called by jobs as installation.
create function fn.mark_mail_handed(
    _id uuid, _attempt integer, _now timestamptz default now(), _phase text default 'dot'
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _is_ours boolean;
begin
    update public.mail as m
    set phase = _phase,
        next_at = _now + fn.mail_claim(_phase),
        handed_over_at = case when _phase = 'dot' then _now else m.handed_over_at end,
        copies = m.copies + (_phase = 'dot')::integer
    where m.id = _id and m.attempts = _attempt and m.outcome is null;
    _is_ours := found;
    perform fn.record_delivery(_id, _now);
    return _is_ours;
end;
$$;

comment on function fn.mark_mail_handed is
'Records that a claimed mail is about to reach a phase, data or dot, and renews the claim; false if it must not: another worker
has claimed it, or it is done. Committed before the dot is sent, so that a worker that ends then is known to have sent it.';
