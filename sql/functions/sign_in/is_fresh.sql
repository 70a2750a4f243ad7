-- Called by app as installation.
create function fn.is_fresh() returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return not exists (select from public.member);
end;
$$;

comment on function fn.is_fresh is 'Whether nobody owns this installation: the first person does, whatever SIGNUP is.';
