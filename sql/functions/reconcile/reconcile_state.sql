-- Called by owner as installation.
create function fn.reconcile_state()
returns table (
    projects bigint, compared bigint, oldest_at timestamptz, checked bigint, differed bigint, differed_at timestamptz, failed bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select count(*), count(r.checked_at), min(r.checked_at), coalesce(sum(r.checked), 0)::bigint,
        coalesce(sum(r.differed), 0)::bigint, max(r.differed_at), count(r.error)
    from public.project as p
    left join public.reconcile_result as r on r.account_id = p.account_id and r.project_id = p.id;
end;
$$;

comment on function fn.reconcile_state is
'How many projects there are and how many have been compared with their responses, how long ago the oldest comparison was, the rows
compared and those that differed in the last comparison of each, when one last did, and how many could not be compared as a whole.';
