create function fn.notify_person(_person_id uuid, _what text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.enqueue_mail(
        p.email, 'security_notice', jsonb_build_object('what', _what, 'at', fn.mail_time(_now)), _now => _now
    )
    from public.person as p where p.id = _person_id;
end;
$$;

comment on function fn.notify_person is 'Mails a person about a change of their sign-in.';
