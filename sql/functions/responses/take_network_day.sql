create function fn.take_network_day(
    _account_ids uuid[], _widget_ids uuid[], _keys text[], _placement_ids uuid[], _networks bytea[], _bodies text[],
    _fields text[]
) returns table (n integer, outcome text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with item as (
        select i.n, i.account_id, i.network, p.id as project_id, p.network_pages, p.network_messages,
            case when i.placement_id is null and not k.is_archived then
                min(i.n) over (partition by i.account_id, i.widget_id, i.key, i.network)
            end as first_n,
            i.body is not null or i.fields is not null as is_message
        from unnest(_account_ids, _widget_ids, _keys, _placement_ids, _networks, _bodies, _fields) with ordinality
            as i (account_id, widget_id, key, placement_id, network, body, fields, n)
        join public.widget as w on w.account_id = i.account_id and w.id = i.widget_id
        join public.project as p on p.account_id = w.account_id and p.id = w.project_id
        cross join lateral (
            select i.placement_id is null and exists (
                select from public.placement as c
                where c.account_id = i.account_id and c.widget_id = i.widget_id and c.key = i.key
            ) as is_archived
        ) as k
        where i.network is not null and (i.placement_id is null or i.body is not null or i.fields is not null)
    ), ranked as (
        select *,
            case when first_n is not null then dense_rank() over (of_kind order by first_n) else 0 end as page_rank,
            case when is_message then count(*) filter (where is_message) over (of_network order by n) else 0 end
                as message_rank
        from item
        window of_network as (partition by account_id, project_id, network),
            of_kind as (partition by account_id, project_id, network, first_n is null)
    ), counted as (
        select account_id, project_id, network, max(page_rank) as pages, max(message_rank) as messages
        from ranked
        group by account_id, project_id, network
    ), used as (
        insert into public.network_day as d (account_id, project_id, network, pages, messages, expires_at)
        select account_id, project_id, network, pages, messages, date_trunc('day', now(), 'UTC') + interval '1 day'
        from counted
        order by account_id, project_id, network
        on conflict (account_id, project_id, network) do update
        set pages = d.pages + excluded.pages, messages = d.messages + excluded.messages
        returning account_id, project_id, network, pages, messages
    )
    select r.n::integer, case when k.is_page then 'network_pages' else 'network_messages' end
    from ranked as r
    join used as u using (account_id, project_id, network)
    join counted as c using (account_id, project_id, network)
    cross join lateral (
        select r.page_rank > 0 and u.pages - c.pages + r.page_rank > r.network_pages as is_page,
            r.message_rank > 0 and u.messages - c.messages + r.message_rank > r.network_messages as is_message
    ) as k
    where k.is_page or k.is_message;
    if found then
        -- What is refused does not count, so that a higher limit takes effect at once.
        update public.network_day as d
        set pages = least(d.pages, p.network_pages), messages = least(d.messages, p.network_messages)
        from public.project as p
        where p.account_id = d.account_id and p.id = d.project_id
            and (d.account_id, d.network) in (select * from unnest(_account_ids, _networks))
            and (d.pages > p.network_pages or d.messages > p.network_messages);
    end if;
end;
$$;

comment on function fn.take_network_day is
'Counts the new pages and the messages of a batch by project and network, and returns the responses, by position from 1, that are
beyond the project''s limits of a day: network_pages or network_messages. A null network has no limit. Part of
fn.ingest_responses.';
