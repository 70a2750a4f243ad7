-- Called by ingest as installation.
create function fn.visitor_salt(_day date, _fresh bytea) returns bytea
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.visitor_salt (day, salt) values (_day, _fresh) on conflict (day) do nothing;
    return (select s.salt from public.visitor_salt as s where s.day = _day);
end;
$$;

comment on function fn.visitor_salt is
'The salt of a UTC day, for servers of the version before fn.day_salt.';
