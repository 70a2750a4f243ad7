-- Called by jobs as installation.
create function fn.claim_comparison(_now timestamptz default now()) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.billing
    set comparison_next_at = _now + interval '15 minutes', comparison_attempts = comparison_attempts + 1
    where is_on and fn.next_comparison(compared_at) <= _now and comparison_next_at <= _now;
    return found;
end;
$$;

comment on function fn.claim_comparison is
'Claims the nightly comparison with Stripe for 15 minutes; true if it is due and the caller must do it, then call
fn.finish_comparison.';
