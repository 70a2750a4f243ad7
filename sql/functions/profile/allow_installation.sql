create function fn.allow_installation(_person_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
    if not exists (
        select from public.member as m
        where m.person_id = _person_id and m.role = 'owner'
            and m.account_id = fn.first_account()
    ) then
        raise exception 'There is nothing here.' using errcode = 'FB404';
    end if;
end;
$$;

comment on function fn.allow_installation is
'Requires the person to own the installation, which is to own its first account. FB404 for everybody else.';
