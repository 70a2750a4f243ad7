-- Called by jobs as installation.
create function fn.enqueue_unlisted(_now timestamptz default clock_timestamp()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _customer_id text;
    _count bigint := 0;
begin
    for _customer_id in select s.customer_id from public.subscription as s where s.requested_at > s.listed_at loop
        perform fn.enqueue_billing(_customer_id, _now);
        _count := _count + 1;
    end loop;
    return _count;
end;
$$;

comment on function fn.enqueue_unlisted is
'Has the worker fetch the customers whose subscriptions are not listed here, because the previous version fetched them last.
Returns how many.';
