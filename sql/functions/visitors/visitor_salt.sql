-- Called by ingest as installation.
create function fn.visitor_salt(_day date, _fresh bytea) returns bytea
language plpgsql volatile
set search_path = ''
as $$
begin
    insert into public.visitor_salt (day, salt) values (_day, _fresh) on conflict (day) do nothing;
    return (select s.salt from public.visitor_salt as s where s.day = _day);
end;
$$;

comment on function fn.visitor_salt is
'The salt of a UTC day, shared by all servers; the first caller''s _fresh (32 random bytes) is stored.';
