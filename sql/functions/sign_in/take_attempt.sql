-- Called by app as installation.
create function fn.take_attempt(_key bytea, _tries integer, _period interval, _now timestamptz default now())
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _interval interval := _period / _tries;
    _free_at timestamptz;
begin
    insert into public.attempt as a (key, free_at) values (_key, _now + _interval)
    on conflict (key) do update set free_at = greatest(a.free_at, _now) + _interval
    where greatest(a.free_at, _now) + _interval <= _now + _period;
    if found then
        return 0;
    end if;
    select a.free_at into _free_at from public.attempt as a where a.key = _key;
    return greatest(1, ceil(extract(epoch from coalesce(_free_at, _now) + _interval - _period - _now)))::integer;
end;
$$;

comment on function fn.take_attempt is
'Counts one of _tries attempts, which come back evenly over _period; returns 0, or the seconds until the next is allowed.
Refused attempts do not count. Shared by all machines; the key is a hash.';
