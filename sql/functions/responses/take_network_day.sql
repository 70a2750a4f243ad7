create function fn.take_network_day(
    _account_ids uuid[], _widget_ids uuid[], _keys text[], _placement_ids uuid[], _networks bytea[], _bodies text[],
    _fields text[]
) returns table (n integer, outcome text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _item record; -- of the responses that count here: positions, projects with their limits, and kinds
    _rank record; -- of the same: which new page, and which message, of its network in this batch each is, from 1; 0 for neither
    _used record; -- by project and network, all of this day
begin
    select array_agg(i.n) as ns, array_agg(p.id) as project_ids, array_agg(p.network_pages) as page_limits,
        array_agg(p.network_messages) as message_limits,
        array_agg(i.body is not null or i.fields is not null) as are_messages,
        array_agg(i.placement_id is null and not exists (
            select 1 from public.placement as c
            where c.account_id = _account_ids[i.n] and c.widget_id = i.widget_id and c.key = i.key
        )) as are_pages
    into _item
    from unnest(_widget_ids, _keys, _placement_ids, _networks, _bodies, _fields) with ordinality
        as i (widget_id, key, placement_id, network, body, fields, n)
    join public.widget as w on w.account_id = _account_ids[i.n] and w.id = i.widget_id
    join public.project as p on p.account_id = _account_ids[i.n] and p.id = w.project_id
    where i.network is not null and (i.placement_id is null or i.body is not null or i.fields is not null);
    if _item.ns is null then
        return;
    end if;

    select array_agg(i.n) as ns, array_agg(i.project_id) as project_ids, array_agg(i.page_limit) as page_limits,
        array_agg(i.message_limit) as message_limits, array_agg(i.page_rank) as pages,
        array_agg(i.message_rank) as messages
    into _rank
    from (
        select i.*,
            case when i.first_n is not null then dense_rank() over (of_kind order by i.first_n) else 0 end as page_rank,
            case when i.is_message then count(*) filter (where i.is_message) over (of_network order by i.n) else 0 end
                as message_rank
        from (
            select i.*, _networks[i.n] as network,
                case when i.is_page then
                    min(i.n) over (partition by _widget_ids[i.n], _keys[i.n], _networks[i.n])
                end as first_n
            from unnest(
                _item.ns, _item.project_ids, _item.page_limits, _item.message_limits, _item.are_messages, _item.are_pages
            ) as i (n, project_id, page_limit, message_limit, is_message, is_page)
        ) as i
        window of_network as (partition by i.project_id, i.network),
            of_kind as (partition by i.project_id, i.network, i.first_n is null)
    ) as i;

    with used as (
        insert into public.network_day as d (account_id, project_id, network, pages, messages, expires_at)
        select _account_ids[min(r.n)], r.project_id, _networks[r.n], max(r.pages), max(r.messages),
            date_trunc('day', now(), 'UTC') + interval '1 day'
        from unnest(_rank.ns, _rank.project_ids, _rank.pages, _rank.messages) as r (n, project_id, pages, messages)
        group by r.project_id, _networks[r.n]
        order by 1, 2, 3
        on conflict (account_id, project_id, network) do update
        set pages = d.pages + excluded.pages, messages = d.messages + excluded.messages
        returning project_id, network, pages, messages
    )
    select array_agg(project_id) as project_ids, array_agg(network) as networks, array_agg(pages) as pages,
        array_agg(messages) as messages
    into _used
    from used;

    return query
    select r.n::integer, case when k.is_page then 'network_pages' else 'network_messages' end
    from (
        select r.*, max(r.page_rank) over same as pages, max(r.message_rank) over same as messages
        from unnest(
            _rank.ns, _rank.project_ids, _rank.page_limits, _rank.message_limits, _rank.pages, _rank.messages
        ) as r (n, project_id, page_limit, message_limit, page_rank, message_rank)
        window same as (partition by r.project_id, _networks[r.n])
    ) as r
    join unnest(_used.project_ids, _used.networks, _used.pages, _used.messages)
        as u (project_id, network, pages, messages) on u.project_id = r.project_id and u.network = _networks[r.n]
    cross join lateral (
        select r.page_rank > 0 and u.pages - r.pages + r.page_rank > r.page_limit as is_page,
            r.message_rank > 0 and u.messages - r.messages + r.message_rank > r.message_limit as is_message
    ) as k
    where k.is_page or k.is_message;
    if found then
        -- What is refused does not count, so that a higher limit takes effect at once.
        update public.network_day as d
        set pages = least(d.pages, r.page_limit), messages = least(d.messages, r.message_limit)
        from (
            select distinct on (project_id, _networks[n]) n, project_id, page_limit, message_limit
            from unnest(_rank.ns, _rank.project_ids, _rank.page_limits, _rank.message_limits)
                as r (n, project_id, page_limit, message_limit)
        ) as r
        where d.account_id = _account_ids[r.n] and d.project_id = r.project_id and d.network = _networks[r.n]
            and (d.pages > r.page_limit or d.messages > r.message_limit);
    end if;
end;
$$;

comment on function fn.take_network_day is
'Counts the new pages and the messages of a batch by project and network, and returns the responses, by position from 1, that are
beyond the project''s limits of a day: network_pages or network_messages. A null network has no limit. Part of
fn.ingest_responses.';
