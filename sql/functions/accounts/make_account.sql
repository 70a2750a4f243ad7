-- Called by app as installation.
create function fn.make_account(
    _session_hash bytea, _name text, _signup text, _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _person_id uuid := fn.session_person(_session_hash, _now);
    _account_id uuid;
begin
    if _signup = 'closed' and not exists (
        select 1 from public.person as p where p.id = _person_id and p.is_operator
    ) then
        raise exception 'You cannot create accounts here.'
            using errcode = 'FB403', hint = 'Ask the operator of this installation, or an account''s admin for an invitation.';
    end if;
    perform from public.person as p where p.id = _person_id for no key update;
    if (select count(*) from public.member as m where m.person_id = _person_id and m.role = 'owner') >= 20 then
        raise exception 'You own 20 accounts, which is the limit.'
            using errcode = 'FB409', hint = 'Transfer or delete one first.';
    end if;
    _account_id := fn.open_account(_person_id, _name, _now);
    perform fn.switch_account(_session_hash, _account_id, _now);
    return _account_id;
end;
$$;

comment on function fn.make_account is
'Creates another account that the signed-in person owns, and switches to it. FB403 if SIGNUP (_signup) is closed for them, FB409
for an owner of 20 accounts, FB422 for an invalid name.';
