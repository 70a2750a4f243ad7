-- Called by jobs, panel as installation.
create function fn.continue_merge(
    _account_id uuid, _id uuid, _limit integer default 20000, _now timestamptz default now()
) returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _merge public.page_merge;
    _is_done boolean;
    _next timestamptz;
begin
    perform fn.lock_roll_up(_account_id);
    select * into _merge from public.page_merge as m
    where m.account_id = _account_id and m.id = _id and m.next_at is not null
    for no key update;
    if not found then
        return null;
    end if;
    -- Nobody deletes the placements before this commits.
    perform from public.placement as c
    where c.account_id = _account_id and c.page_id in (_merge.source_id, _merge.target_id)
    order by c.id
    for key share;
    if _merge.state = 'merging' then
        _is_done := fn.move_responses(_merge, _limit);
    else
        _is_done := fn.return_responses(_merge, _limit);
    end if;
    -- Of the days and hours in which windows are cut, the next refresh or reconciling knows.
    update public.project_roll as r set is_late = true
    where r.account_id = _account_id and r.project_id = _merge.project_id and not r.is_late;
    _next := clock_timestamp();
    update public.page_merge as m
    set next_at = case when not _is_done then _next end,
        finished_at = case when _is_done then _now end,
        state = case when not _is_done then m.state when m.state = 'merging' then 'merged' else 'undone' end
    where m.account_id = _account_id and m.id = _id
    returning m.state into _merge.state;
    return _merge.state;
end;
$$;

comment on function fn.continue_merge is
'Moves or returns the responses among the next _limit of the account (null: all). Returns the state of the merge: merged or
undone once that was all; null where nothing was left to do.';
