create function fn.make_operator(_person_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select 1 from public.member as m join public.account as a on a.id = m.account_id
        where m.person_id = _person_id and m.role = 'owner' and a.is_demo
    ) then
        raise exception 'The demo''s owner cannot operate the installation.'
            using errcode = 'FB409', hint = 'Use another email address.';
    end if;
    update public.person set is_operator = true where id = _person_id;
    update public.installation set claimed_at = _now where claimed_at is null;
end;
$$;

comment on function fn.make_operator is
'Makes a person an operator of the installation, which is claimed by that. FB409 for the demo''s owner.';
