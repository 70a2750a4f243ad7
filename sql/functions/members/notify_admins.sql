create function fn.notify_admins(
    _account_id uuid, _template text, _context jsonb, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _admin record;
begin
    for _admin in
        select p.email, a.name as account from public.member as m
        join public.account as a on a.id = m.account_id
        join public.person as p on p.id = m.person_id
        where m.account_id = _account_id and m.role in ('owner', 'admin')
    loop
        perform fn.enqueue_mail(
            _admin.email, _template,
            _context || jsonb_build_object('account', _admin.account, 'at', fn.mail_time(_now)), _now => _now
        );
    end loop;
end;
$$;

comment on function fn.notify_admins is 'Mails the owner and admins of an account.';
