-- Called by jobs as installation.
create function fn.claim_comparison(_now timestamptz default now()) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _billing public.billing;
begin
    select * into _billing from public.billing as b where b.is_on for update;
    if not coalesce(fn.next_comparison(_billing.compared_at) <= _now and _billing.comparison_next_at <= _now, false) then
        return false;
    end if;
    update public.billing
    set comparison_next_at = _now + interval '15 minutes', comparison_attempts = comparison_attempts + 1;
    return true;
end;
$$;

comment on function fn.claim_comparison is
'Claims the nightly comparison with Stripe for 15 minutes; true if it is due and the caller must do it, then call
fn.finish_comparison.';
