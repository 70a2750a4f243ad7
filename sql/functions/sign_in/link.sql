-- Called by app as installation.
create function fn.link(_token_hash bytea, _now timestamptz default now()) returns table (purpose text, email text)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    select t.purpose, t.email
    from public.token as t
    where t.token_hash = _token_hash and t.purpose <> 'second_step' and t.expires_at > _now;
end;
$$;

comment on function fn.link is
'What a mailed link is for and which address it was sent to, without using it up; no row where it is used or out of date.';
