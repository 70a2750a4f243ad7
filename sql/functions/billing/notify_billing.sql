create function fn.notify_billing(
    _account_id uuid, _template text, _context jsonb, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.enqueue_mail(r.email, _template, jsonb_build_object('account', r.name) || _context, _now => _now)
    from (
        select distinct on (lower(e.email)) e.email, a.name
        from public.account as a
        cross join lateral (
            select p.email from public.member as m
            join public.person as p on p.id = m.person_id and p.verified_at is not null
            where m.account_id = a.id and m.role in ('owner', 'admin')
            union all
            select s.billing_email from public.subscription as s where s.account_id = a.id and s.billing_email <> ''
        ) as e
        where a.id = _account_id
    ) as r;
end;
$$;

comment on function fn.notify_billing is
'Mails the owner and admins of an account about its plan and payments, and the address to which its invoices go.';
