create function fn.mail_invitation(_account_id uuid, _id uuid, _url text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _invitation record;
begin
    select i.email, a.name as account, i.role, i.expires_at, p.email as inviter into _invitation
    from public.invitation as i
    join public.account as a on a.id = i.account_id
    left join public.person as p on p.id = i.invited_by
    where i.account_id = _account_id and i.id = _id;
    if found then
        perform fn.enqueue_mail(
            _invitation.email, 'invitation',
            jsonb_build_object(
                'account', _invitation.account, 'role', _invitation.role, 'url', _url,
                'until', fn.mail_time(_invitation.expires_at), 'by', coalesce(_invitation.inviter, 'Someone')
            ),
            _give_up_at => _invitation.expires_at, _now => _now
        );
    end if;
end;
$$;

comment on function fn.mail_invitation is
'Mails an invitation; it is not sent after the link''s expiry. _url contains the token.';
