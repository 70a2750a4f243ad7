-- Called by app as installation.
create function fn.delete_session(_token_hash bytea) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from public.session as s where s.token_hash = _token_hash;
end;
$$;

comment on function fn.delete_session is 'Signs out: deletes the session of that token hash, if any.';
