create function fn.unowned_account() returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select a.id
        from public.account as a
        where not a.is_demo and a.id not in (select m.account_id from public.member as m)
        order by a.created_at, a.id
        limit 1
    );
end;
$$;

comment on function fn.unowned_account is
'The account that the command line has created before there was an operator, who gets it; null without one.';
