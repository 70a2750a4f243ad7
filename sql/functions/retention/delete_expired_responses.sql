-- Called by jobs as installation.
create function fn.delete_expired_responses(_now timestamptz default now(), _limit integer default 50000)
returns table (deleted bigint, dropped integer)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _partition record;
    _n bigint;
    _is_kept boolean;
begin
    deleted := 0;
    dropped := 0;
    update public.project as p
    set retained_from = (_now at time zone p.time_zone)::date - k.days
    from (
        select q.account_id, q.id, least(q.retention_days, fn.plan_retention(q.account_id, _now)) as days
        from public.project as q
    ) as k
    where k.account_id = p.account_id and k.id = p.id and k.days is not null
        and (
            p.retained_from is null
            or p.retained_from < (_now at time zone p.time_zone)::date - k.days
        );
    for _partition in
        select c.oid::regclass as name,
            to_date(right(c.relname, 7), 'YYYY_MM') as starts_on,
            (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month')::date as ends_on
        from pg_catalog.pg_inherits as i
        join pg_catalog.pg_class as c on c.oid = i.inhrelid
        where i.inhparent = 'public.response'::regclass
        order by c.relname
    loop
        continue when not exists (select from public.project as p where p.retained_from > _partition.starts_on);
        -- A month of which no project keeps a day is dropped as a whole.
        execute format(
            'select exists (
                select from %s as f
                join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
                join public.project as p on p.account_id = s.account_id and p.id = s.project_id
                where p.retained_from is null
                    or coalesce(f.counted_on, (f.created_at at time zone p.time_zone)::date) >= p.retained_from
            )', _partition.name
        ) into _is_kept;
        if not _is_kept and _partition.ends_on < (_now at time zone 'UTC')::date - 2 then
            execute format(
                'delete from public.visit as v
                using %s as f
                where v.account_id = f.account_id and v.dedup_key = f.dedup_key and v.response_id = f.id', _partition.name
            );
            execute format(
                'delete from public.message_state as m
                using %s as f
                where m.account_id = f.account_id and m.response_id = f.id', _partition.name
            );
            execute format(
                'delete from public.response_edit as e
                using %s as f
                where e.account_id = f.account_id and e.response_id = f.id', _partition.name
            );
            execute format('select count(*) from %s', _partition.name) into _n;
            begin
                -- While it waits for readers all responses wait behind it: rather the next night than long.
                perform set_config('lock_timeout', '1s', true);
                execute format('drop table %s', _partition.name);
                perform set_config('lock_timeout', '0', true);
            exception when lock_not_available then
                continue;
            end;
            deleted := deleted + _n;
            dropped := dropped + 1;
            continue;
        end if;
        continue when deleted >= _limit;
        execute format(
            'with deleted as (
                delete from %1$s as f
                using (
                    select f.account_id, f.id
                    from %1$s as f
                    join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
                    join public.project as p on p.account_id = s.account_id and p.id = s.project_id
                    where coalesce(f.counted_on, (f.created_at at time zone p.time_zone)::date) < p.retained_from
                    limit %2$s
                ) as e
                where f.account_id = e.account_id and f.id = e.id
                returning f.account_id, f.id, f.dedup_key
            ), states as (
                delete from public.message_state as m
                using deleted as g
                where m.account_id = g.account_id and m.response_id = g.id
            ), edits as (
                delete from public.response_edit as e
                using deleted as g
                where e.account_id = g.account_id and e.response_id = g.id
            ), visits as (
                delete from public.visit as v
                using deleted as g
                where v.account_id = g.account_id and v.dedup_key = g.dedup_key and v.response_id = g.id
            )
            select count(*) from deleted', _partition.name, _limit
        ) into _n;
        deleted := deleted + _n;
    end loop;
    return next;
end;
$$;

comment on function fn.delete_expired_responses is
'Deletes responses older than their project''s or plan''s retention: drops a month that nobody keeps, and otherwise deletes
about _limit rows a run. Tallies stay; visits are deleted, so that visitors may respond again. Returns how many responses were
deleted and how many months dropped.';
