-- Called by jobs as installation.
create function fn.claim_drill(_now timestamptz default now()) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.backup_state as b set drill_at = _now where fn.next_drill(b) <= _now;
    return found;
end;
$$;

comment on function fn.claim_drill is 'Claims the weekly restore drill; true if it is due and the caller must do it.';
