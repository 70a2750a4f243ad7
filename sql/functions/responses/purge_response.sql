-- Called by panel as installation.
create function fn.purge_response(_account_id uuid, _id uuid, _page text) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if not fn.delete_response(_account_id, _id) then
        return false;
    end if;
    -- By the role that deletes: on Citus a transaction changes the rows of an account as one.
    perform fn.add_audit_entry(_account_id, 'response.deleted', _page);
    return true;
end;
$$;

comment on function fn.purge_response is
'Deletes a response on a page for a member, with its count and an entry of the audit log. False where there is none.';
