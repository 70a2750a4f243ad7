create function fn.reconcile_statement(_table_name text, _with_strays boolean) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _aggregate fn.aggregate;
    _table regclass := format('public.%I', _table_name)::regclass;
    _keys text[];
    _values text[];
    _is_counter boolean;
    _is_counted text;
    _is_inexact text[];
    _arguments text := '$1, $2';
    _scope text := 't.project_id = $2';
begin
    select * into strict _aggregate from fn.aggregate as a where a.table_name = _table_name;
    select array_agg(a.attname::text order by array_position(i.indkey::smallint[], a.attnum)) into _keys
    from pg_catalog.pg_index as i
    join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::smallint[])
    where i.indrelid = _table and i.indisprimary;
    select array_agg(a.attname::text order by a.attnum), bool_and(a.atttypid in ('bigint'::regtype, 'integer'::regtype)),
        array_agg(a.attname::text) filter (where a.atttypid = 'double precision'::regtype)
    into _values, _is_counter, _is_inexact
    from pg_catalog.pg_attribute as a
    where a.attrelid = _table and a.attnum > 0 and not a.attisdropped and a.attname <> all (_keys)
        and (_aggregate.columns is null or a.attname = any (_aggregate.columns));
    if 'placement_id' = any (_keys) then
        _scope := 't.placement_id in (
            select c.id from public.widget as w
            join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
            where w.account_id = $1 and w.project_id = $2
        )';
    end if;
    if _with_strays then
        _scope := case when 'placement_id' = any (_keys)
            then format('(%s or not exists (select 1 from public.placement as c where c.account_id = $1 and c.id = t.placement_id))', _scope)
            else format('(%s or not exists (select 1 from public.project as p where p.account_id = $1 and p.id = t.project_id))', _scope)
        end;
    end if;
    if 'day' = any (_keys) and _table_name ~ '_day$' then
        _arguments := _arguments || ', $3, $4';
        _scope := _scope || ' and t.day between $3 and $4';
    elsif _table_name in ('project_roll', 'period_close') then
        _arguments := _arguments || ', $5';
    end if;
    _is_counted := fn.each_name('t.%1$I <> 0', _values, ' or ');
    return format(
        $statement$
            with actual as materialized (
                select %1$s from fn.recount_%2$s(%3$s) as t %4$s
            ), stored as materialized (
                select %1$s from public.%2$I as t where t.account_id = $1 and %5$s %6$s
            ), difference as materialized (
                select %7$s, %8$s, a.account_id is null as is_extra, s.account_id is null as is_missing,
                    to_jsonb(a) as recounted, to_jsonb(s) as stored
                from actual as a
                full join stored as s on %9$s
                where a.account_id is null or s.account_id is null or %10$s
            ), locked as materialized (
                select %1$s from (
                    select %1$s from public.%2$I as t
                    join difference as d on %11$s
                    where t.account_id = $1
                    order by %12$s
                    for update of t
                ) as t
            ), updated as (
                update public.%2$I as t set %13$s
                from difference as d
                join locked as s on %14$s
                where t.account_id = $1 and %11$s and not d.is_missing %15$s
            ), deleted as (
                delete from public.%2$I as t
                using difference as d
                where t.account_id = $1 and %11$s and d.is_extra %16$s
            ), inserted as (
                insert into public.%2$I as t (%17$s)
                select %18$s from difference as d where d.is_missing
                order by %19$s
                on conflict (%20$s) do update set %21$s
            ), recorded as (
                insert into public.reconciliation (
                    account_id, id, detected_at, what, project_id, placement_id, key, stored, recounted
                )
                select $1, fn.uuid_v7($5), $5, '%2$s', $2, %22$s,
                    (select jsonb_object_agg(k, coalesce(d.recounted, d.stored) -> k) from unnest(%23$L::text[]) as k),
                    (
                        select jsonb_object_agg(k, d.stored -> k) from unnest(%24$L::text[]) as k
                        where d.recounted -> k is distinct from d.stored -> k
                    ),
                    (
                        select jsonb_object_agg(k, d.recounted -> k) from unnest(%24$L::text[]) as k
                        where d.recounted -> k is distinct from d.stored -> k
                    )
                from difference as d
                -- What is recorded is to be looked at: after a disaster not by the million.
                limit 1000
            )
            select (select count(*) from actual), (select count(*) from difference)
        $statement$,
        fn.each_name('t.%1$I', _keys || _values),
        _table_name,
        _arguments,
        case when _is_counter and _aggregate.columns is null then 'where ' || _is_counted else '' end,
        _scope,
        case when _is_counter and _aggregate.columns is null then 'and (' || _is_counted || ')' else '' end,
        fn.each_name('coalesce(a.%1$I, s.%1$I) as %1$I', _keys),
        fn.each_name('a.%1$I as %2$I, s.%1$I as %3$I', _values),
        fn.each_name('s.%1$I = a.%1$I', _keys, ' and '),
        (
            select string_agg(
                case when k = any (_is_inexact)
                    -- Sums of fractions depend on their order.
                    then format('(a.%1$I is distinct from s.%1$I and coalesce(abs(a.%1$I - s.%1$I) > 1e-9, true))', k)
                    else format('a.%1$I is distinct from s.%1$I', k)
                end, ' or '
            )
            from unnest(_values) as k
        ),
        fn.each_name('t.%1$I = d.%1$I', _keys, ' and '),
        fn.each_name('t.%1$I', _keys),
        fn.each_name(
            case when _aggregate.is_live
                then '%1$I = t.%1$I + coalesce(d.%2$I, 0) - coalesce(d.%3$I, 0)'
                else '%1$I = d.%2$I'
            end, _values
        ),
        fn.each_name('s.%1$I = d.%1$I', _keys, ' and '),
        case when _aggregate.is_live then '' else 'and not d.is_extra' end,
        case when _aggregate.is_live then 'and false' else '' end,
        fn.each_name('%1$I', _keys || _values),
        concat_ws(', ', fn.each_name('d.%1$I', _keys), fn.each_name('d.%2$I', _values)),
        fn.each_name('d.%1$I', _keys),
        fn.each_name('%1$I', _keys),
        fn.each_name(
            case when _aggregate.is_live then '%1$I = t.%1$I + excluded.%1$I' else '%1$I = excluded.%1$I' end, _values
        ),
        case
            when 'placement_id' = any (_keys) then 'd.placement_id'
            when 'scope_id' = any (_keys) then 'd.scope_id'
            when 'widget_id' = any (_keys) then 'd.widget_id'
            else '$2'
        end,
        _keys,
        _values
    );
end;
$$;

comment on function fn.reconcile_statement is
'The statement by which fn.reconcile_step compares a table of fn.aggregate with its recount and corrects it: from the catalog, so
that it compares every column. Its arguments are the account, the project, two days and the time. With strays, it also takes rows
of the account that belong to no project or placement.';
