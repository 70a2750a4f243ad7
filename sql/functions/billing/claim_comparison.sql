-- Called by jobs as installation.
create function fn.claim_comparison(_now timestamptz default now()) returns boolean
language plpgsql volatile
set search_path = ''
as $$
begin
    -- At ten past three, UTC, or when somebody is there again who can.
    update public.billing
    set compared_at = _now
    where is_on and compared_at < date_trunc('day', (_now - interval '3 hours 10 minutes') at time zone 'UTC')
        at time zone 'UTC' + interval '3 hours 10 minutes';
    return found;
end;
$$;

comment on function fn.claim_comparison is 'Whether the nightly comparison with Stripe is due; it is then the caller''s to do.';
