-- Called by app as account.
create function fn.delete_placement(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text;
    _is_deleted boolean;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.lock_roll_up(_account_id);  -- before any row, as everywhere
    perform fn.refuse_deleted(_account_id, _project_id, _id);
    -- Not locked here: fn.purge_placements locks its widget and page first.
    select c.key into _name
    from public.placement as c
    join public.widget as w on w.account_id = c.account_id and w.id = c.widget_id
    where c.account_id = _account_id and c.id = _id and w.project_id = _project_id and c.target_id is null;
    if not found then
        raise exception 'There is no such placement.' using errcode = 'FB404', hint = 'See the pages of your project.';
    end if;
    _is_deleted := fn.can_do_at_once(_account_id, 100000);
    if _is_deleted then
        perform fn.purge_placements(_account_id, array[_id]);
    else
        update public.placement as c set archived_at = coalesce(c.archived_at, _now)
        where c.account_id = _account_id and c.id = _id;
        perform fn.begin_deletion(_account_id, _project_id, _id, 'placement', _name, _now);
    end if;
    perform fn.add_audit_entry(_account_id, 'placement.deleted', _name);
    return _is_deleted;
end;
$$;

comment on function fn.delete_placement is
'Deletes a placement with its responses and counts, and its page where it has no other. True where that is
done (fn.can_do_at_once). Otherwise false: the placement is archived, and fn.continue_deletions deletes it in the background.
FB404, FB403; FB409 where the deletion has begun already.';
