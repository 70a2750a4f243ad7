-- Called by jobs as installation.
create function fn.work_channels() returns table (channel text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query select distinct k.channel from fn.work_kind as k order by 1;
end;
$$;

comment on function fn.work_channels is 'The channels that are notified when there is background work.';
