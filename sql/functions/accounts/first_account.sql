create function fn.first_account() returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
    return (select a.id from public.account as a order by a.created_at, a.id limit 1);
end;
$$;

comment on function fn.first_account is 'The account that owns the installation: the oldest; null on a fresh one.';
