create function fn.schedule_destination(_account_id uuid, _id uuid, _now timestamptz) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _next_at timestamptz;
begin
    -- The destination first, so that a delivery that another transaction adds meanwhile is seen.
    perform 1 from public.destination as d where d.account_id = _account_id and d.id = _id for no key update;
    select min(v.next_at) into _next_at
    from public.delivery as v where v.account_id = _account_id and v.destination_id = _id and v.done_at is null;
    update public.destination as d
    -- Not before now: destinations take turns, by the time since when each has been due.
    set due_at = case
        when d.disabled_at is null and _next_at is not null then greatest(_next_at, d.retry_at, d.claimed_until, _now)
    end
    where d.account_id = _account_id and d.id = _id;
    perform pg_notify('delivery', '');
end;
$$;

comment on function fn.schedule_destination is
'Sets when the next delivery of a destination is due, and notifies the workers on commit.';
