-- Called by jobs as installation.
create function fn.purgeable_accounts(_job text, _now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _rule fn.purge_rule;
begin
    select r.* into strict _rule from fn.purge_rule as r where r.job = _job;
    return query execute format(
        'select distinct account_id from public.%I where %I %s and (%s)',
        _rule.table_name, _rule.column_name, case when _rule.keep is null then '<= $1' else '< $1 - $2' end,
        coalesce(_rule.condition, 'true')
    ) using _now, _rule.keep;
end;
$$;

comment on function fn.purgeable_accounts is 'Accounts with rows that a rule of fn.purge_rule deletes (fn.purge_batch).';
