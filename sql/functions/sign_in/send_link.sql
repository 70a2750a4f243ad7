create function fn.send_link(
    _person_id uuid, _purpose text, _email text, _token_hash bytea, _url text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _expires_at timestamptz := fn.create_token(_person_id, _purpose, _email, _token_hash, _now);
begin
    perform fn.enqueue_mail(
        _email, _purpose, jsonb_build_object('url', _url, 'until', fn.mail_time(_expires_at)),
        _give_up_at => _expires_at, _now => _now
    );
end;
$$;

comment on function fn.send_link is 'Mails a link of that purpose; it is not sent after its expiry. _url contains the token.';
