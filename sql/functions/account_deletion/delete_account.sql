create function fn.delete_account(_account_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.notify_admins(_account_id, 'account_notice', '{"what": "The account was deleted, with everything in it."}', _now);
    perform fn.lock_roll_up(_account_id);  -- aggregates are not passed on meanwhile
    perform fn.end_subscription(_account_id, 'account.deleted', _now);
    insert into public.deleted_account (id, deleted_at) values (_account_id, _now);
    -- Twice: on Citus a row of account cannot be deleted while pages have placements, and others may add rows until it is.
    perform fn.purge_account(_account_id);
    delete from public.account as a where a.id = _account_id;
    perform fn.purge_account(_account_id);
end;
$$;

comment on function fn.delete_account is
'Deletes an account with all its rows, and mails its owner and admins. Its members remain people.';
