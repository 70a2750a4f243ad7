-- Called by jobs as installation.
create function fn.deleted_message_accounts(_now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select distinct i.account_id from public.message_state as i
    where i.folder = 'deleted' and i.moved_at < _now - interval '7 days';
end;
$$;

comment on function fn.deleted_message_accounts is 'Accounts with messages to delete for good (fn.delete_deleted_messages).';
