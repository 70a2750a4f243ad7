-- Called by app as account.
create function fn.undo_merge(
    _account_id uuid, _project_id uuid, _page_id uuid, _now timestamptz default now(), _most bigint default 100000
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _merge public.page_merge;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    select m.* into _merge from public.page_merge as m
    where m.account_id = _account_id and m.project_id = _project_id and m.source_id = _page_id and m.state <> 'undone';
    if not found then
        raise exception 'There is no such merge.' using errcode = 'FB404', hint = 'See the merges of your project.';
    end if;
    perform fn.lock_merge_pages(_account_id, _project_id, array[_merge.source_id, _merge.target_id]);
    select m.* into _merge from public.page_merge as m
    where m.account_id = _account_id and m.id = _merge.id
    for no key update;
    if _merge.state <> 'merged' then
        raise exception 'The merge is not finished yet.' using errcode = 'FB409', hint = 'Try again when it is finished.';
    end if;
    if _merge.undo_until <= _now then
        raise exception 'The merge is more than 30 days old.' using errcode = 'FB409', hint = 'It can no longer be undone.';
    end if;
    if exists (
        select 1 from public.page_merge as m
        where m.account_id = _account_id and m.target_id = _merge.target_id and m.state <> 'undone' and m.id > _merge.id
    ) then
        raise exception 'Another page was merged into this one later.' using errcode = 'FB409',
            hint = 'Undo the later merge first.';
    end if;
    -- Waits for responses that are being stored.
    perform from public.placement as c
    where c.account_id = _account_id and c.page_id in (_merge.source_id, _merge.target_id)
    order by c.id
    for update;
    update public.page as p set merged_into = null where p.account_id = _account_id and p.id = _merge.source_id;
    update public.placement as c set target_id = null, alias_version = null, archived_at = null
    where c.account_id = _account_id and c.page_id = _merge.source_id;
    perform fn.link_placements(_account_id, _merge.target_id, fn.uuid_v7(_now));
    perform fn.restart_turn_tests(_account_id, _project_id, array[_merge.source_id, _merge.target_id], _now);
    perform fn.release_visits(_merge);
    update public.project_roll as r set is_late = true
    where r.account_id = _account_id and r.project_id = _project_id and not r.is_late;
    update public.page_merge as m set state = 'undoing', next_at = _now, finished_at = null
    where m.account_id = _account_id and m.id = _merge.id;
    -- As in fn.merge_pages.
    if fn.can_do_at_once(_account_id, _most) then
        perform fn.continue_merge(_account_id, _merge.id, null, _now);
        perform fn.show_merge(_account_id, _project_id);
    else
        perform pg_notify('merge', '');
    end if;
    perform fn.add_audit_entry(
        _account_id, 'page.unmerged', _merge.target_key,
        jsonb_build_object('from', _merge.source_key, 'to', _merge.target_key)
    );
    return _merge.id;
end;
$$;

comment on function fn.undo_merge is
'Undoes the merge of a source page within 30 days: both pages have what they had, and what came by each address since. A later
merge into the same page is undone first. Returns its id. FB404, FB403, FB409.';
