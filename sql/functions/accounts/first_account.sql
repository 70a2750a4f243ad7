-- Called by panel as installation.
create function fn.first_account() returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        (
            select a.id
            from public.person as p
            join public.member as m on m.person_id = p.id and m.role = 'owner'
            join public.account as a on a.id = m.account_id and not a.is_demo
            where p.is_operator
            order by a.created_at, a.id
            limit 1
        ),
        fn.unowned_account()
    );
end;
$$;

comment on function fn.first_account is
'The account of the command line: an operator''s oldest, else the one that the command line has created; null without either.
Never the demo.';
