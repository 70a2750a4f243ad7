-- Called by jobs as installation.
create function fn.claim_merge(_now timestamptz default now()) returns table (account_id uuid, id uuid)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select m.account_id, m.id from public.page_merge as m where m.next_at <= _now order by m.next_at limit 1;
end;
$$;

comment on function fn.claim_merge is
'The merge that fn.continue_merge should go on with, if there is one; that takes turns where several workers do.';
