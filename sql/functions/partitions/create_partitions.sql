-- Called by jobs as installation.
create function fn.create_partitions(_now timestamptz default now(), _months integer default 13) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set lock_timeout = '300ms'
as $$
declare
    _month timestamp;
    _name text;
    _count integer := 0;
begin
    perform pg_advisory_xact_lock(hashtext('fn.create_partitions'));
    for _month in
        select generate_series(
            date_trunc('month', _now at time zone 'UTC') - interval '1 month',
            date_trunc('month', _now at time zone 'UTC') + make_interval(months => _months),
            '1 month'
        )
    loop
        _name := 'response_' || to_char(_month, 'YYYY_MM');
        if to_regclass('public.' || _name) is null then
            -- A table of its own that is then attached: `partition of` would wait for every reader, and writers for it.
            execute format('create table public.%I (like public.response including all)', _name);
            -- Row-level security also holds for queries on the partition itself.
            execute format('alter table public.%1$I enable row level security, force row level security', _name);
            execute format('create policy tenant_owner on public.%I to feelback_owner using (true)', _name);
            execute format(
                'alter table public.response attach partition public.%I for values from (%L) to (%L)',
                _name,
                fn.uuid_floor(_month at time zone 'UTC'),
                fn.uuid_floor((_month + interval '1 month') at time zone 'UTC')
            );
            _count := _count + 1;
        end if;
    end loop;
    return _count;
end;
$$;

comment on function fn.create_partitions is
'Creates the missing monthly partitions of response, from the month before _now to _months ahead, without waiting for readers
and without making writers wait; returns how many.';
