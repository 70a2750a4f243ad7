create function fn.schedule_destination(_account_id uuid, _id uuid, _now timestamptz) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.destination as d
    set due_at = case
        when d.disabled_at is not null then null
        -- Not before now: destinations take turns, by the time since when each has been due.
        else (
            select greatest(min(v.next_at), d.retry_at, d.claimed_until, _now) from public.delivery as v
            where v.account_id = d.account_id and v.destination_id = d.id and v.done_at is null
            having count(*) > 0
        )
    end
    where d.account_id = _account_id and d.id = _id;
    perform pg_notify('delivery', '');
end;
$$;

comment on function fn.schedule_destination is
'Sets when the next delivery of a destination is due, and notifies the workers on commit.';
