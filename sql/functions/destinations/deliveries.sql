-- Called by app as account.
create function fn.deliveries(
    _account_id uuid, _project_id uuid, _destination_id uuid, _before_id uuid default null, _limit integer default 50,
    _id uuid default null
) returns table (
    id uuid, types text[], events integer, is_digest boolean, state text, attempts integer, created_at timestamptz,
    attempted_at timestamptz, next_at timestamptz, done_at timestamptz, problem text, status integer, answer text,
    duration_ms integer
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    if not exists (
        select 1 from public.destination as d
        where d.account_id = _account_id and d.project_id = _project_id and d.id = _destination_id
    ) then
        raise exception 'There is no such destination.' using errcode = 'FB404',
            hint = 'See the destinations of your project.';
    end if;
    return query
    select v.id, array(
            select distinct e.type from public.event as e
            where e.account_id = v.account_id and e.id = any (v.event_ids)
            order by e.type
        ),
        cardinality(v.event_ids), v.is_digest, coalesce(v.outcome, 'waiting'), v.attempts, v.created_at, v.attempted_at,
        case when v.done_at is null then v.next_at end, v.done_at, v.problem, v.status::integer, v.answer, v.duration_ms
    from public.delivery as v
    where v.account_id = _account_id and v.destination_id = _destination_id and (_before_id is null or v.id < _before_id)
        and (_id is null or v.id = _id)
    order by v.id desc
    limit _limit;
    if not found and _id is not null then
        raise exception 'There is no such delivery.' using errcode = 'FB404', hint = 'Deliveries are deleted after 30 days.';
    end if;
end;
$$;

comment on function fn.deliveries is
'Deliveries to a destination, the newest first, before _before_id, or the one of _id. The state is waiting, delivered, failed or dropped.
FB404, FB403.';
