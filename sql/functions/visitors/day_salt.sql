-- Called by ingest as installation.
create function fn.day_salt(_day date, _fresh bytea) returns table (salt bytea, is_keyed boolean, encrypted_key bytea)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    insert into public.visitor_salt (day, salt, is_keyed) values (_day, _fresh, true) on conflict (day) do nothing;
    return query
    select s.salt, s.is_keyed, (select k.encrypted from public.encrypted_key as k where k.name = 'visitor')
    from public.visitor_salt as s
    where s.day = _day;
end;
$$;

comment on function fn.day_salt is
'The salt of a UTC day, shared by all servers: the first caller''s _fresh (32 random bytes). With it whether visitors are hashed
with the visitors'' key as well (not on a day that an older version began), and that key, encrypted.';
