-- Called by app as installation.
create function fn.record_failed_sign_in(_email text, _browser text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.add_person_entries(p.id, 'sign_in.failed', jsonb_build_object('browser', nullif(_browser, '')), _now => _now)
    from public.person as p
    where lower(p.email) = lower(trim(_email)) and p.verified_at is not null;
end;
$$;

comment on function fn.record_failed_sign_in is
'Records a wrong password in the audit logs of the accounts of the person of that address, if there is one.';
