create function fn.owned_accounts(_person_id uuid) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select string_agg(a.name, ', ' order by m.created_at, a.id)
        from public.member as m
        join public.account as a on a.id = m.account_id
        where m.person_id = _person_id and m.role = 'owner'
    );
end;
$$;

comment on function fn.owned_accounts is 'Names of a person''s own accounts as text; null without any.';
