-- Called by app as installation.
create function fn.encrypted_visitor_key() returns bytea
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (select k.encrypted from public.encrypted_key as k where k.name = 'visitor');
end;
$$;

comment on function fn.encrypted_visitor_key is
'The key by which visitors and their addresses are hashed, encrypted by SECRET_KEY; null in a database that no version with it served.';
