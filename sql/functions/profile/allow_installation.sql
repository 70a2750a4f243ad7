create function fn.allow_installation(_person_id uuid) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select 1 from public.person as p where p.id = _person_id and p.is_operator) then
        raise exception 'There is nothing here.' using errcode = 'FB404';
    end if;
end;
$$;

comment on function fn.allow_installation is 'Requires the person to operate the installation. FB404 for everybody else.';
