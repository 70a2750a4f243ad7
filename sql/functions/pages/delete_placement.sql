-- Called by app as account.
create function fn.delete_placement(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
    _name text;
    _is_gone boolean;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform pg_advisory_xact_lock(hashtext('fn.roll_up_tallies'));  -- before any row, as everywhere
    perform fn.refuse_deleted(_account_id, _project_id, _id);
    _name := (fn.placement_of_project(_account_id, _project_id, _id)).key;
    _is_gone := fn.responses_at_most(_account_id, 100000);
    if _is_gone then
        perform fn.purge_placements(_account_id, array[_id]);
    else
        update public.placement as c set archived_at = coalesce(c.archived_at, _now)
        where c.account_id = _account_id and c.id = _id;
        perform fn.begin_deletion(_account_id, _project_id, _id, 'placement', _name, _now);
    end if;
    perform fn.add_audit_entry(_account_id, 'placement.deleted', _name);
    return _is_gone;
end;
$$;

comment on function fn.delete_placement is
'Deletes a page with all that was told about it: at once and true in an account of up to
100,000 responses; else it is archived, goes bit by bit in the background (fn.continue_deletions), and this is false. FB404, FB403;
FB409 where that has begun already.';
