-- Called by panel as installation.
create function fn.end_subscription(_account_id uuid, _type text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _customer_id text;
begin
    for _customer_id in select * from fn.account_customers(_account_id) loop
        insert into public.billing_event (id, type, customer_id, created_at, received_at, next_at)
        values ('own_' || fn.uuid_v7(_now), _type, _customer_id, _now, _now, _now);
        if _type = 'account.deleted' then
            insert into public.deleted_customer (id, deleted_at) values (_customer_id, _now) on conflict do nothing;
        end if;
    end loop;
    perform pg_notify('billing', '');
end;
$$;

comment on function fn.end_subscription is
'Has the worker end all subscriptions of an account: at once if it is deleted (account.deleted, called before its rows go), so that
nothing is charged any more if its deletion was requested (account.deletion_requested).';
