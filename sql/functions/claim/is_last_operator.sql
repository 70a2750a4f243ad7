create function fn.is_last_operator(_person_id uuid) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (select 1 from public.person as p where p.id = _person_id and p.is_operator)
        and not exists (select 1 from public.person as p where p.id <> _person_id and p.is_operator);
end;
$$;

comment on function fn.is_last_operator is 'Whether a person is the only operator of the installation.';
