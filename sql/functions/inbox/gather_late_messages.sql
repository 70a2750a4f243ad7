create function fn.gather_late_messages(
    _account_ids uuid[], _ids uuid[], _created_ms bigint[]
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _late_ms bigint := (extract(epoch from now() - interval '1 minute') * 1000)::bigint;
begin
    if (select min(i.ms) from unnest(_created_ms) as i (ms)) >= _late_ms then
        return;
    end if;
    insert into public.message_state (account_id, response_id, project_id, widget_id, moved_at)
    select f.account_id, f.id, w.project_id, w.id, f.created_at
    from unnest(_ids, _created_ms) with ordinality as i (id, ms, n)
    join public.response as f on f.account_id = _account_ids[i.n] and f.id = i.id
    join public.widget as w on w.account_id = f.account_id and w.id = f.widget_id
    where i.ms < _late_ms and (f.body is not null or f.fields is not null)
    order by f.account_id, f.id
    on conflict (account_id, response_id) do nothing;
end;
$$;

comment on function fn.gather_late_messages is
'Adds those of some messages, just stored, to message_state that are a minute old, by a web server whose clock is slow or after an outage:
fn.ungathered_messages looks back two minutes, of which the transaction has one. Part of fn.ingest_responses.';
