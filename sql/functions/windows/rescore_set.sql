create function fn.rescore_set(_account_id uuid, _content_set_id uuid, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _noted bigint;
begin
    insert into public.tally_change (account_id, content_id, day)
    select distinct k.account_id, k.content_id, (_now at time zone 'UTC')::date
    from public.content_score as k
    where k.account_id = _account_id and k.content_set_id = _content_set_id
    order by 1, 2
    on conflict (account_id, content_id, day) do nothing;
    get diagnostics _noted = row_count;
    return _noted;
end;
$$;

comment on function fn.rescore_set is
'Has the contents of a set scored anew by the next fn.roll_up_tallies, after its options have changed; returns how many.';
