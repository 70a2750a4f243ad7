-- Called by jobs as installation.
create function fn.enqueue_unlisted(_now timestamptz default clock_timestamp()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select count(fn.enqueue_billing(s.customer_id, _now)) from public.subscription as s
        where s.requested_at > s.listed_at
    );
end;
$$;

comment on function fn.enqueue_unlisted is
'Has the worker fetch the customers whose subscriptions are not listed here, because the previous version fetched them last.
Returns how many.';
