-- Called by jobs as installation.
create function fn.claim_comparison(_now timestamptz default now()) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.billing
    set compared_at = _now
    where is_on and fn.next_comparison(compared_at) <= _now;
    return found;
end;
$$;

comment on function fn.claim_comparison is
'Claims the nightly comparison with Stripe; true if it is due and the caller must do it.';
