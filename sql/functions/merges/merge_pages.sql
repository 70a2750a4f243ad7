-- Called by app as account.
create function fn.merge_pages(
    _account_id uuid, _project_id uuid, _source_id uuid, _target_id uuid, _now timestamptz default now(),
    _most bigint default 100000
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _page_ids uuid[];
    _id uuid := fn.uuid_v7(_now);
    _source_key text;
    _target_key text;
    _responses bigint;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.lock_merge_pages(_account_id, _project_id, array(select distinct unnest(array[_source_id, _target_id])));
    perform fn.check_merge(_account_id, _project_id, _source_id, _target_id);
    select p.key into _source_key from public.page as p where p.account_id = _account_id and p.id = _source_id;
    select p.key into _target_key from public.page as p where p.account_id = _account_id and p.id = _target_id;
    update public.page as p set merged_into = _target_id where p.account_id = _account_id and p.id = _source_id;
    _page_ids := array(
        select p.id from public.page as p
        where p.account_id = _account_id and (p.id = _target_id or p.merged_into = _target_id)
    );
    perform fn.mirror_placements(_account_id, _page_ids, _now);
    -- Waits for responses that are being stored; those that come later find the alias.
    perform from public.placement as c
    where c.account_id = _account_id and c.page_id in (_source_id, _target_id)
    order by c.id
    for update;
    perform fn.link_placements(_account_id, _target_id, _id);
    perform fn.restart_turn_tests(_account_id, _project_id, array[_source_id, _target_id], _now);
    select coalesce(sum(t.count), 0) into _responses
    from public.placement as c
    join public.tally as t on t.account_id = c.account_id and t.placement_id = c.id
    where c.account_id = _account_id and c.page_id = _source_id;
    insert into public.page_merge (
        account_id, id, project_id, source_id, target_id, source_key, target_key, state, requested_at, undo_until, next_at,
        responses
    )
    values (
        _account_id, _id, _project_id, _source_id, _target_id, _source_key, _target_key, 'merging', _now,
        _now + interval '30 days', _now, _responses
    );
    if fn.can_do_at_once(_account_id, _most) then
        perform fn.continue_merge(_account_id, _id, null, _now);
        perform fn.show_merge(_account_id, _project_id);
    else
        perform pg_notify('merge', '');
    end if;
    perform fn.add_audit_entry(
        _account_id, 'page.merged', _target_key, jsonb_build_object('from', _source_key, 'to', _target_key)
    );
    return _id;
end;
$$;

comment on function fn.merge_pages is
'Merges a page into another of the project: its address becomes an alias, its responses are moved, and of a visitor who responded
on both pages the newest response counts. In an account of at most _most responses it is done at once, otherwise by the worker.
On Citus always by the worker. Returns the id of the merge. fn.undo_merge undoes it within 30 days. FB404, FB403; FB409 and FB422 as fn.check_merge.';
