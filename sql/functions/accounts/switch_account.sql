-- Called by app as installation.
create function fn.switch_account(_session_hash bytea, _account_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _person_id uuid := fn.session_person(_session_hash, _now);
begin
    if not exists (select 1 from public.member as m where m.account_id = _account_id and m.person_id = _person_id) then
        raise exception 'You are not a member of that account.' using errcode = 'FB404', hint = 'See the list of your accounts.';
    end if;
    update public.session as s set in_account = _account_id where s.token_hash = _session_hash;
end;
$$;

comment on function fn.switch_account is
'Switches the session to another account of the signed-in person; FB404 where they are no member.';
