-- Called by jobs as installation.
create function fn.purge_batch(_job text, _now timestamptz default now(), _limit integer default 5000) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _rule fn.purge_rule;
    _condition text;
    _account_id uuid;
    _deleted bigint := 0;
    _count bigint;
begin
    select r.* into strict _rule from fn.purge_rule as r where r.job = _job;
    _condition := format(
        '%I %s and (%s)', _rule.column_name, case when _rule.keep is null then '<= $1' else '< $1 - $2' end,
        coalesce(_rule.condition, 'true')
    );
    -- A row that another transaction has locked is left for the next run: a purge never waits.
    if not exists (
        select from pg_catalog.pg_attribute as a
        where a.attrelid = format('public.%I', _rule.table_name)::regclass and a.attname = 'account_id'
    ) then
        execute format(
            'delete from public.%1$I where ctid = any (array(
                select ctid from public.%1$I where %2$s limit $3 for update skip locked
            ))', _rule.table_name, _condition
        ) using _now, _rule.keep, _limit;
        get diagnostics _deleted = row_count;
        return _deleted;
    end if;
    for _account_id in execute format(
        'select distinct d.account_id from (select account_id from public.%I where %s limit $3) as d',
        _rule.table_name, _condition
    ) using _now, _rule.keep, _limit
    loop
        execute format(
            'delete from public.%1$I where account_id = $4 and ctid = any (array(
                select ctid from public.%1$I where account_id = $4 and %2$s limit $3 for update skip locked
            ))', _rule.table_name, _condition
        ) using _now, _rule.keep, _limit - _deleted, _account_id;
        get diagnostics _count = row_count;
        _deleted := _deleted + _count;
        exit when _deleted >= _limit;
    end loop;
    return _deleted;
end;
$$;

comment on function fn.purge_batch is
'Deletes at most _limit rows by a rule of fn.purge_rule, skipping locked ones; returns how many.';
