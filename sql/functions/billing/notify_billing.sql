create function fn.notify_billing(
    _account_id uuid, _template text, _context jsonb, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _recipient record;
begin
    for _recipient in
        select distinct on (lower(e.email)) e.email, e.account
        from (
            select p.email, a.name as account from public.member as m
            join public.account as a on a.id = m.account_id
            join public.person as p on p.id = m.person_id and p.verified_at is not null
            where m.account_id = _account_id and m.role in ('owner', 'admin')
            union all
            select s.billing_email, a.name from public.subscription as s
            join public.account as a on a.id = s.account_id
            where s.account_id = _account_id and s.billing_email <> ''
        ) as e
    loop
        perform fn.enqueue_mail(
            _recipient.email, _template, jsonb_build_object('account', _recipient.account) || _context, _now => _now
        );
    end loop;
end;
$$;

comment on function fn.notify_billing is
'Mails the owner and admins of an account about its plan and payments, and the address to which its invoices go.';
