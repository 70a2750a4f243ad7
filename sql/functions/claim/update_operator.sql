-- Called by owner as caller.
create function fn.update_operator(_email text, _is_operator boolean, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _address text := fn.check_email(_email);
    _id uuid;
begin
    perform from public.installation for update;
    select p.id into _id from public.person as p where lower(p.email) = _address and p.verified_at is not null;
    if _id is null then
        raise exception 'No one has signed up as %.', _address
            using errcode = 'FB404', hint = 'feelback link EMAIL --create signs them up.';
    end if;
    if _is_operator = exists (select 1 from public.person as p where p.id = _id and p.is_operator) then
        return;
    elsif _is_operator then
        perform fn.make_operator(_id, _now);
    elsif fn.is_last_operator(_id) then
        raise exception '% is the only operator.', _address using errcode = 'FB409', hint = 'Add another one first.';
    else
        update public.person set is_operator = false where id = _id;
    end if;
    perform fn.add_person_entries(
        _id, case when _is_operator then 'operator.created' else 'operator.deleted' end, _now => _now
    );
end;
$$;

comment on function fn.update_operator is
'Makes a person of that address an operator, or no longer. FB404 for an unknown address, FB409 for the only operator and for the
demo''s owner.';
