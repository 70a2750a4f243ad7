-- Called by jobs as installation.
create function fn.delete_old_billing_events(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _deleted bigint;
begin
    -- Stripe repeats an event for 3 days and lists it for 30; until then it must be known as processed.
    delete from public.billing_event
    where outcome is not null and done_at < _now - case when id like 'own\_%' then interval '7 days' else interval '60 days' end;
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_billing_events is
'Deletes Stripe''s events 60 days after they were processed; returns how many.';
