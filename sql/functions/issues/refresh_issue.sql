-- Called by app as installation.
create function fn.refresh_issue(_account_id uuid, _project_id uuid, _number text, _now timestamptz default now())
returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.issue as i set next_at = least(coalesce(i.next_at, _now), _now)
    where i.account_id = _account_id and i.project_id = _project_id and i.number = _number;
    if found then
        perform pg_notify('issue', '');
    end if;
    return found;
end;
$$;

comment on function fn.refresh_issue is
'Has the state of an issue read from its forge, which said that something happened to it; false if it is none of ours. What was posted
counts for nothing else, so that posts may come twice, late and in any order.';
