-- Called by app as installation.
create function fn.link(_token_hash bytea, _now timestamptz default now()) returns table (purpose text, email text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select t.purpose, t.email
    from public.token as t
    where t.token_hash = _token_hash and t.purpose <> 'second_step' and t.expires_at > _now;
end;
$$;

comment on function fn.link is 'Purpose and address of a mailed link, without using it; no row if it was used or has expired.';
