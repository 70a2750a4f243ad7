-- Called by app as installation.
create function fn.remember_device(
    _session_hash bytea, _device_hash bytea, _browser text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.session_person(_session_hash, _now);
    -- By the device's token: what a browser calls itself, an attacker can choose.
    _browser_hash bytea := sha256(uuid_send(_id) || _device_hash);
    _email text;
begin
    select p.email into _email from public.person as p
    where p.id = _id
        and exists (select 1 from public.known_browser as k where k.person_id = _id)
        and not exists (select 1 from public.known_browser as k where k.person_id = _id and k.browser_hash = _browser_hash);
    if found then
        perform fn.enqueue_mail(
            _email, 'sign_in_notice', jsonb_build_object('browser', _browser, 'at', fn.mail_time(_now)), _now => _now
        );
    end if;
    insert into public.known_browser (person_id, browser_hash, last_seen_at) values (_id, _browser_hash, _now)
    on conflict (person_id, browser_hash) do update set last_seen_at = _now;
    perform fn.add_known_device(_id, _device_hash, _browser, _now);
end;
$$;

comment on function fn.remember_device is 'Makes the browser in which a person has just signed in one of their known devices. Mails them
about a new browser, except the first.';
