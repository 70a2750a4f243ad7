create function fn.reopen_periods(_account_id uuid, _project_id uuid, _today date) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _close record;
begin
    for _close in
        select c.unit, c.starts_on
        from public.period_close as c
        where c.account_id = _account_id and c.project_id = _project_id
            and (c.starts_on + ('1 ' || c.unit)::interval)::date > _today
    loop
        perform fn.lock_close(_account_id);
        delete from public.period as p
        where p.account_id = _account_id and p.project_id = _project_id and p.unit = _close.unit
            and p.starts_on >= fn.period_start(_close.unit, _today);
        update public.period_close as c
        set starts_on = (fn.period_start(_close.unit, _today) - ('1 ' || _close.unit)::interval)::date
        where c.account_id = _account_id and c.project_id = _project_id and c.unit = _close.unit;
        -- Without a period there was none to close.
        delete from public.period_close as c
        where c.account_id = _account_id and c.project_id = _project_id and c.unit = _close.unit and not exists (
            select 1 from public.period as p
            where p.account_id = c.account_id and p.project_id = c.project_id and p.unit = c.unit
        );
    end loop;
    -- Another zone's days differ by two at most; a recap that was sent there is not sent again.
    for _close in
        select t.unit from public.recap_turn as t
        where t.account_id = _account_id and t.project_id = _project_id
            and (t.starts_on + ('1 ' || t.unit)::interval)::date > _today + 2
    loop
        update public.recap_turn as t
        set starts_on = (fn.period_start(_close.unit, _today) - ('1 ' || _close.unit)::interval)::date
        where t.account_id = _account_id and t.project_id = _project_id and t.unit = _close.unit;
    end loop;
end;
$$;

comment on function fn.reopen_periods is
'Opens periods of a project again that were closed before their time, because the clock was wrong or the project moved to a zone further
west. After a wrong clock its recaps go on with the period that is under way: the one before counts as sent.';
