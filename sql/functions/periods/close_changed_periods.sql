create function fn.close_changed_periods(_account_id uuid) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _change record;
    _count integer := 0;
begin
    perform fn.lock_close(_account_id);
    for _change in
        with changes as (
            delete from public.period_change as c where c.account_id = _account_id returning *
        )
        select t.project_id, t.unit, t.starts_on, array_agg(t.placement_id) as placement_ids
        from changes as t
        join public.period_close as c
            on c.account_id = _account_id and c.project_id = t.project_id and c.unit = t.unit
            and c.starts_on >= t.starts_on
        group by t.project_id, t.unit, t.starts_on
        order by t.project_id, t.unit, t.starts_on
    loop
        perform fn.store_periods(
            _account_id, _change.project_id, _change.unit, _change.starts_on, _change.starts_on, _change.placement_ids
        );
        _count := _count + 1;
    end loop;
    return _count;
end;
$$;

comment on function fn.close_changed_periods is
'Closes periods of an account again that late changes affect; returns how many.';
