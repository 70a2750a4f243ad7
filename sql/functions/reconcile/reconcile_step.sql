-- Called by jobs as installation.
create function fn.reconcile_step(
    _account_id uuid, _project_id uuid, _table_name text, _from date, _to date, _now timestamptz default now()
) returns table (checked bigint, differed bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    -- Nothing is rolled up or closed meanwhile, so that what waits for it is no difference.
    perform fn.lock_roll_up(_account_id);
    if _table_name in ('period', 'period_close') then
        perform fn.lock_close(_account_id);
    end if;
    if fn.is_distributed() then  -- this begins the transaction on the account's node
        perform from public.project as p where p.account_id = _account_id and p.id = _project_id for key share;
    end if;
    if _table_name in ('period', 'period_close') then
        perform fn.close_changed_periods(_account_id);
    end if;
    -- Late changes wait for the next full hour.
    if _table_name = 'widget_hour' and exists (
        select 1 from public.project_roll as r where r.account_id = _account_id and r.project_id = _project_id and r.is_late
    ) then
        perform fn.cut_windows(_account_id, array[_project_id]);
    end if;
    execute fn.reconcile_statement(
        _table_name,
        -- One project of the account takes what belongs to none.
        not exists (select 1 from public.project as p where p.account_id = _account_id and p.id < _project_id)
    ) into checked, differed using _account_id, _project_id, _from, _to, _now;
    if _table_name = 'tally_day' then
        -- What is corrected is rolled up; so is what was never recorded to be. Recording it twice is harmless.
        insert into public.tally_change as h (account_id, placement_id, day)
        select distinct t.account_id, t.placement_id, t.day
        from public.widget as w
        join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
        join public.tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
        where w.account_id = _account_id and w.project_id = _project_id and t.day between _from and _to
            and t.count <> t.rolled
        on conflict (account_id, placement_id, day) do nothing;
    end if;
    return next;
end;
$$;

comment on function fn.reconcile_step is
'Compares one aggregate of a project (fn.aggregate; days from _from to _to, if it has days) with its recount, and corrects and
records what differs. Returns how many rows it has, and how many differed.';
