-- Called by app as installation.
create function fn.recap_invitation(_token_hash bytea, _now timestamptz default now())
returns table (project text, email text, weekly boolean, monthly boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _account_id uuid := fn.directory_account('recap_recipient', _token_hash);
begin
    return query
    select p.name, r.email, r.weekly, r.monthly
    from public.recap_recipient as r
    join public.project as p on p.account_id = r.account_id and p.id = r.project_id
    where r.account_id = _account_id and r.token_hash = _token_hash and r.confirmed_at is null
        and r.requested_at > _now - interval '7 days';
end;
$$;

comment on function fn.recap_invitation is
'The invitation of a link to get recaps; no row if it was used or withdrawn, or is older than 7 days.';
