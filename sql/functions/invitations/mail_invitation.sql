create function fn.mail_invitation(_account_id uuid, _id uuid, _url text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.enqueue_mail(
        i.email, 'invitation',
        jsonb_build_object(
            'account', a.name, 'role', i.role, 'url', _url, 'until', fn.mail_time(i.expires_at),
            'by', coalesce(p.email, 'Someone')
        ),
        _give_up_at => i.expires_at, _now => _now
    )
    from public.invitation as i
    join public.account as a on a.id = i.account_id
    left join public.person as p on p.id = i.invited_by
    where i.account_id = _account_id and i.id = _id;
end;
$$;

comment on function fn.mail_invitation is
'Mails an invitation; it is not sent after the link''s expiry. _url contains the token.';
