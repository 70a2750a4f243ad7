-- Called by app as installation.
create function fn.is_fresh() returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (select 1 from public.installation as i where i.claimed_at is null);
end;
$$;

comment on function fn.is_fresh is 'Whether nobody has claimed this installation yet.';
