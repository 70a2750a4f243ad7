-- Called by jobs as installation.
create function fn.mail_delivery(
    _account_id uuid, _id uuid, _attempt integer, _base_url text, _now timestamptz default now()
) returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _delivery public.delivery;
    _email text;
    _context jsonb;
begin
    -- The destination before its deliveries, as everywhere.
    perform from public.destination as d
    join public.delivery as v on v.account_id = d.account_id and v.destination_id = d.id
    where v.account_id = _account_id and v.id = _id
    for update of d;
    select * into _delivery from public.delivery as v
    where v.account_id = _account_id and v.id = _id and v.attempts = _attempt and v.done_at is null
    for update;
    if not found then
        return 'lost';
    end if;
    select n.email into _email
    from public.destination as d
    join public.member as m on m.account_id = d.account_id and m.person_id = d.recipient_id
    join public.person as n on n.id = m.person_id
    where d.account_id = _account_id and d.id = _delivery.destination_id;
    if not found then
        return fn.mark_delivery(_account_id, _id, _attempt, 'no_member', null, null, null, true, null, _now);
    end if;
    _context := fn.delivery_payload(_delivery, _now);
    perform fn.enqueue_mail(
        _email, 'event', jsonb_build_object('project', _context -> 'data' -> 'project' ->> 'name', 'payload', _context, 'url', format(
            '%s/projects/%s', _base_url, _context -> 'data' -> 'project' ->> 'slug'
        )), null, null, _now
    );
    return fn.mark_delivery(_account_id, _id, _attempt, null, null, null, null, false, null, _now);
end;
$$;

comment on function fn.mail_delivery is
'Queues the mail of a delivery and records it as delivered, in one transaction, so that it is sent once; failed where the recipient is no
longer a member. Returns what fn.mark_delivery does.';
