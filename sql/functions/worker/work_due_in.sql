-- Called by jobs as installation.
create function fn.work_due_in(_kind text, _now timestamptz default now()) returns double precision
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select greatest(extract(epoch from k.due_at - _now), 0) from fn.work_kind as k
        where k.name = _kind and k.due_at is not null
    );
end;
$$;

comment on function fn.work_due_in is 'In how many seconds work of a kind is due, 0 where it is, and null where none waits (fn.work_kind).';
