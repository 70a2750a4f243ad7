create function fn.notify_admins(
    _account_id uuid, _template text, _context jsonb, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.enqueue_mail(
        p.email, _template, _context || jsonb_build_object('account', a.name, 'at', fn.mail_time(_now)), _now => _now
    )
    from public.account as a
    join public.member as m on m.account_id = a.id and m.role in ('owner', 'admin')
    join public.person as p on p.id = m.person_id
    where a.id = _account_id;
end;
$$;

comment on function fn.notify_admins is 'Mails the owner and admins of an account.';
