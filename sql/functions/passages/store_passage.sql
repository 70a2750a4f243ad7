create function fn.store_passage(_account_id uuid, _response_id uuid, _passage text, _key text default null) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _new constant jsonb := _passage;
begin
    if _passage is null then
        delete from public.passage as p where p.account_id = _account_id and p.response_id = _response_id;
        return;
    end if;
    insert into public.passage as p (
        account_id, response_id, project_id, placement_id, exact, prefix, suffix, heading, start_at, end_at
    )
    select f.account_id, f.id, w.project_id, coalesce(c.id, m.placement_id, f.placement_id), _new ->> 'exact',
        coalesce(_new ->> 'prefix', ''), coalesce(_new ->> 'suffix', ''), coalesce(_new ->> 'heading', ''),
        (_new ->> 'start')::integer, (_new ->> 'end')::integer
    from public.response as f
    join public.widget as w on w.account_id = f.account_id and w.id = f.widget_id
    left join public.placement as c on c.account_id = f.account_id and c.widget_id = f.widget_id
        and c.key = coalesce(_key, '') -- no key is empty; Citus cannot plan a comparison with null
    left join public.merge_response as m on m.account_id = f.account_id and m.response_id = f.id
    where f.account_id = _account_id and f.id = _response_id
    on conflict (account_id, response_id) do update
    set exact = excluded.exact, prefix = excluded.prefix, suffix = excluded.suffix, heading = excluded.heading,
        start_at = excluded.start_at, end_at = excluded.end_at, current = null, is_outdated = false, checked_at = null
    where (p.exact, p.prefix, p.suffix, p.heading, p.start_at, p.end_at)
        is distinct from
        (excluded.exact, excluded.prefix, excluded.suffix, excluded.heading, excluded.start_at, excluded.end_at);
end;
$$;

comment on function fn.store_passage is
'Stores the passage of a response, {exact, prefix?, suffix?, heading?, start, end} as JSON; null deletes it. _key is the address at
which the response was sent. Does nothing where there is no such response.';
