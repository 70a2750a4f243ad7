-- Called by jobs as installation.
create function fn.old_hold_accounts(_now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select distinct h.account_id from public.merge_hold as h where h.expires_at <= _now;
end;
$$;

comment on function fn.old_hold_accounts is 'Accounts with responses that merges no longer hold (fn.delete_old_holds).';
