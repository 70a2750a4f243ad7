-- Called by app as installation.
create function fn.finish_sign_in(
    _token_hash bytea, _totp_step bigint, _recovery_hash bytea,
    _session_hash bytea, _old_session_hash bytea, _browser text, _now timestamptz default now()
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid;
begin
    select s.person_id into _id from fn.second_step(_token_hash, _now) as s;
    if _id is null then
        return false;
    end if;
    if not fn.take_second_factor(_id, _totp_step, _recovery_hash) then
        perform fn.add_person_entries(
            _id, 'sign_in.failed', jsonb_build_object('browser', nullif(_browser, ''), 'step', 'code'), _now => _now
        );
        return false;
    end if;
    perform fn.use_token(_token_hash, 'second_step', _now);
    perform fn.create_session(_id, _session_hash, _old_session_hash, _now, _browser);
    perform fn.add_person_entries(
        _id, 'sign_in.succeeded', jsonb_build_object('browser', nullif(_browser, ''), 'step', 'code'), _id, _now
    );
    return true;
end;
$$;

comment on function fn.finish_sign_in is
'Finishes signing in by a code of the authenticator app or a recovery code; false for a wrong one.
The audit logs of the person''s accounts record either.';
