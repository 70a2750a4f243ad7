-- Called by jobs as installation.
create function fn.drop_empty_months(_now timestamptz default now()) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _partition record;
    _is_empty boolean;
    _dropped integer := 0;
    _retained_from date := (select max(p.retained_from) from public.project as p);
begin
    -- While a lock waits for readers all responses wait behind it: rather the next night than long.
    perform set_config('lock_timeout', '100ms', true);
    for _partition in
        select m.name, m.starts_on
        from (
            -- Of any name: the planner may look at other tables' first.
            select c.oid::regclass as name, to_date(substring(c.relname from '^response_(\d{4}_\d{2})$'), 'YYYY_MM') as starts_on
            from pg_catalog.pg_inherits as i
            join pg_catalog.pg_class as c on c.oid = i.inhrelid
            where i.inhparent = 'public.response'::regclass
        ) as m
        -- fn.create_partitions creates the month before this one.
        where m.starts_on < date_trunc('month', _now at time zone 'UTC') - interval '1 month'
            and m.starts_on < _retained_from
        order by m.starts_on
    loop
        begin
            -- Merges take responses out of their month, and undoing one puts them back: one statement sees them in one place.
            execute format(
                'select not exists (select 1 from %s) and not exists ('
                'select 1 from public.merge_hold as h where not h.is_past and h.id >= $1 and h.id < $2)',
                _partition.name
            ) into _is_empty using
                fn.uuid_floor(_partition.starts_on::timestamp at time zone 'UTC'),
                fn.uuid_floor((_partition.starts_on + interval '1 month') at time zone 'UTC');
            continue when not _is_empty;
            execute format('drop table %s', _partition.name);
            _dropped := _dropped + 1;
        exception when lock_not_available then
            continue;
        end;
    end loop;
    return _dropped;
end;
$$;

comment on function fn.drop_empty_months is
'Drops the past months of responses that retention has emptied; one that somebody reads, or of which a merge
holds responses, is left for another run. Returns how many.';
