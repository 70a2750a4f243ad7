create function fn.digest_data(_events jsonb[]) returns jsonb
language sql immutable
return jsonb_build_object(
    'project', _events[1] -> 'data' -> 'project',
    'events', cardinality(_events),
    'pages', (
        select coalesce(jsonb_agg(p.page order by p.messages desc, p.responses desc, p.key), '[]')
        from (
            select e.value -> 'data' -> 'page' ->> 'key' as key,
                count(distinct e.value -> 'data' -> 'response' ->> 'id') as messages,
                coalesce(sum((e.value -> 'data' ->> 'responses')::bigint), 0) as responses,
                jsonb_build_object(
                    'page', (array_agg(e.value -> 'data' -> 'page' order by e.n desc))[1],
                    'messages', count(distinct e.value -> 'data' -> 'response' ->> 'id'),
                    'responses', coalesce(sum((e.value -> 'data' ->> 'responses')::bigint), 0),
                    'newest', to_jsonb((
                        array_agg(
                            (e.value -> 'data' -> 'response') || jsonb_build_object('widget', e.value -> 'data' -> 'widget')
                            order by e.n desc
                        ) filter (where e.value ->> 'type' like 'message.%')
                    )[1:5])
                ) as page
            from unnest(_events) with ordinality as e (value, n)
            where e.value ->> 'type' like 'message.%' or e.value ->> 'type' = 'response.created'
            group by 1
        ) as p
    ),
    'others', (
        select coalesce(jsonb_agg(e.value order by e.n), '[]')
        from unnest(_events) with ordinality as e (value, n)
        where e.value ->> 'type' not like 'message.%' and e.value ->> 'type' <> 'response.created'
    )
);

comment on function fn.digest_data is
'The data of a digest: by page the number of its messages and of other responses, and its newest five messages; and other events, such as a page that turned.';
