-- Called by jobs as installation.
create function fn.purge_batch(
    _job text, _now timestamptz default now(), _limit integer default 5000, _account_id uuid default null
) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _rule fn.purge_rule;
    _deleted bigint;
begin
    select r.* into strict _rule from fn.purge_rule as r where r.job = _job;
    -- A row that another transaction has locked is left for the next run: a purge never waits.
    execute format(
        'delete from public.%1$I where %5$s ctid = any (array(
            select ctid from public.%1$I where %5$s %2$I %3$s and (%4$s) limit $3 for update skip locked
        ))',
        _rule.table_name, _rule.column_name, case when _rule.keep is null then '<= $1' else '< $1 - $2' end,
        coalesce(_rule.condition, 'true'), case when _account_id is not null then 'account_id = $4 and' end
    ) using _now, _rule.keep, _limit, _account_id;
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.purge_batch is
'Deletes at most _limit rows by a rule of fn.purge_rule, skipping locked ones; returns how many. Of
an account, where the table has accounts.';
