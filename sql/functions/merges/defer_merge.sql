-- Called by jobs as installation.
create function fn.defer_merge(_account_id uuid, _id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.page_merge as m set next_at = _now + interval '5 minutes'
    where m.account_id = _account_id and m.id = _id and m.next_at is not null;
end;
$$;

comment on function fn.defer_merge is 'Has fn.claim_merge claim a merge that failed after five minutes, so that no other waits for it.';
