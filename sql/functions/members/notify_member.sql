create function fn.notify_member(
    _account_id uuid, _email text, _what text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.enqueue_mail(
        _email, 'account_notice', jsonb_build_object('account', a.name, 'what', _what, 'at', fn.mail_time(_now)), _now => _now
    )
    from public.account as a where a.id = _account_id;
end;
$$;

comment on function fn.notify_member is 'Mails a person about a change in an account, or of their role in it.';
