create function fn.placement_scores(_account_id uuid, _placement_id uuid) returns setof public.placement_score
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select k.* from public.placement_score as k
    where k.account_id = _account_id and k.placement_id = _placement_id
    order by k.days;
end;
$$;

comment on function fn.placement_scores is
'The windows of a placement as they are stored. A statement that reads them itself must not call functions which read more of the
account: on Citus it runs on the account''s node, and so would they.';
