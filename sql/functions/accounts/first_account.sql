-- Called by panel as installation.
create function fn.first_account() returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
    return (select a.id from public.account as a order by a.created_at, a.id limit 1);
end;
$$;

comment on function fn.first_account is
'The installation''s first account, whose owner owns the installation; null if there is none.';
