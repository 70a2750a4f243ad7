-- Called by jobs as installation.
create function fn.delete_deleted_messages(_now timestamptz default now(), _limit integer default 5000) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _count bigint;
begin
    select count(*) filter (where fn.delete_response(m.account_id, m.response_id)) into _count
    from (
        select i.account_id, i.response_id from public.message_state as i
        where i.folder = 'deleted' and i.moved_at < _now - interval '7 days'
        order by i.account_id, i.response_id
        limit _limit
    ) as m;
    return _count;
end;
$$;

comment on function fn.delete_deleted_messages is
'Deletes messages for good 7 days after they were moved to deleted, with their counts; returns how many.';
