-- Called by app as account.
create function fn.discard_content(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
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
    _name := (fn.content_of_project(_account_id, _project_id, _id)).key;
    _is_gone := fn.signals_at_most(_account_id, 100000);
    if _is_gone then
        perform fn.delete_contents(_account_id, array[_id]);
    else
        update public.content as c set archived_at = coalesce(c.archived_at, _now)
        where c.account_id = _account_id and c.id = _id;
        perform fn.begin_deletion(_account_id, _project_id, _id, 'content', _name, _now);
    end if;
    perform fn.note(_account_id, 'content.deleted', _name);
    return _is_gone;
end;
$$;

comment on function fn.discard_content is
'Deletes a content with all that was told about it: at once and true in an account of up to
100,000 signals; else it is archived, goes bit by bit in the background (fn.delete_discarded), and this is false. FB404, FB403;
FB409 where that has begun already.';
