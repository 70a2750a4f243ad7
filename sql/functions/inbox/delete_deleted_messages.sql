-- Called by jobs as installation.
create function fn.delete_deleted_messages(
    _account_id uuid, _now timestamptz default now(), _limit integer default 5000
) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- First, so that the function is called here and not by the node of the account.
    _ids uuid[] := array(
        select i.response_id from public.message_state as i
        where i.account_id = _account_id and i.folder = 'deleted' and i.moved_at < _now - interval '7 days'
        order by i.response_id
        limit _limit
    );
begin
    return (select count(*) filter (where fn.delete_response(_account_id, m.id)) from unnest(_ids) as m (id));
end;
$$;

comment on function fn.delete_deleted_messages is
'Deletes messages of an account for good 7 days after they were moved to deleted, with their counts, at most
_limit; returns how many.';
