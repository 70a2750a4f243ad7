-- Called by jobs as installation.
create function fn.billing_due_in() returns double precision
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select extract(epoch from greatest(min(e.next_at) - clock_timestamp(), interval '0'))
        from public.billing_event as e where e.outcome is null
    );
end;
$$;

comment on function fn.billing_due_in is 'In how many seconds the next event of Stripe is due; null if none waits.';
