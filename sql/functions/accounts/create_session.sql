create function fn.create_session(
    _person_id uuid, _token_hash bytea, _old_token_hash bytea default null, _now timestamptz default now(),
    _browser text default ''
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _browser_hash bytea := sha256(convert_to(_person_id || _browser, 'UTF8'));
    _email text;
begin
    select p.email into _email from public.person as p
    where p.id = _person_id
        and exists (select from public.known_browser as k where k.person_id = _person_id)
        and not exists (
            select from public.known_browser as k where k.person_id = _person_id and k.browser_hash = _browser_hash
        );
    if found then
        perform fn.enqueue_mail(
            _email, 'sign_in_notice', jsonb_build_object('browser', _browser, 'at', fn.mail_time(_now)), _now => _now
        );
    end if;
    insert into public.known_browser (person_id, browser_hash, last_seen_at) values (_person_id, _browser_hash, _now)
    on conflict (person_id, browser_hash) do update set last_seen_at = _now;
    delete from public.session as s where s.token_hash = _old_token_hash;
    insert into public.session (token_hash, person_id, browser, created_at, last_seen_at, confirmed_at, expires_at)
    values (_token_hash, _person_id, _browser, _now, _now, _now, _now + interval '30 days');
end;
$$;

comment on function fn.create_session is
'Signs a person in for 30 days by the SHA-256 of a token, and revokes the browser''s previous session. Mails the person about a
new browser, except the first.';
