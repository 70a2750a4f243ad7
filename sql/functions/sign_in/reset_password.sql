-- Called by app as installation.
create function fn.reset_password(
    _token_hash bytea, _password_hash text, _now timestamptz default now(), _device_hash bytea default null,
    _browser text default ''
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid;
begin
    select u.person_id into _id from fn.use_token(_token_hash, 'reset', _now) as u;
    perform fn.set_password(_id, _password_hash, null, _now);
    if _device_hash is not null then
        perform fn.add_known_device(_id, _device_hash, _browser, _now);
    end if;
end;
$$;

comment on function fn.reset_password is
'Sets a new password by a mailed link; revokes all the person''s sessions, other links and known devices
but the one that they did it on.';
