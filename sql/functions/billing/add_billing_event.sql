-- Called by app as installation.
create function fn.add_billing_event(
    _id text, _type text, _customer_id text, _created_at timestamptz, _now timestamptz default clock_timestamp()
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.billing_event (id, type, customer_id, created_at, received_at, next_at)
    values (_id, left(_type, 200), _customer_id, _created_at, _now, _now)
    on conflict (id) do nothing;
    if not found then
        return false;
    end if;
    perform pg_notify('billing', '');
    return true;
end;
$$;

comment on function fn.add_billing_event is 'Stores a verified event of Stripe for the worker; false if it is stored already.';
