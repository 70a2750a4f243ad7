-- Called by jobs as installation.
create function fn.ungathered_messages() returns table (account_id uuid, responses jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _from timestamptz;
    _from_id uuid;
begin
    select greatest(r.gathered_at - interval '2 minutes', '-infinity') into _from from public.message_roll as r;
    _from_id := fn.uuid_floor(_from - interval '1 day');
    return query
    select f.account_id, jsonb_agg(f.id)
    from (
        select f.account_id, f.id, row_number() over (partition by f.account_id) / 1000 as part from public.response as f
        where f.created_at >= _from and f.id >= _from_id and (f.body is not null or f.fields is not null)
    ) as f
    group by f.account_id, f.part;
end;
$$;

comment on function fn.ungathered_messages is
'Responses with words since the last time, by account, at most 1,000 a row. Looks back two minutes further, for late commits. For
fn.gather_messages.';
