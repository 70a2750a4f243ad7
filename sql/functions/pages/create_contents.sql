create function fn.create_contents(
    _account_ids uuid[], _content_set_ids uuid[], _keys text[], _limit integer, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
    -- The sets' rows are locked in order first: the count below them is then nobody else's to change.
    perform from public.content_set as s
    where (s.account_id, s.id) in (select * from unnest(_account_ids, _content_set_ids))
    order by s.account_id, s.id
    for no key update;

    with missing as (
        select k.account_id, k.content_set_id, k.key, s.contents,
            row_number() over (partition by k.account_id, k.content_set_id order by min(k.n)) as rank
        from unnest(_account_ids, _content_set_ids, _keys) with ordinality
            as k (account_id, content_set_id, key, n)
        join public.content_set as s on s.account_id = k.account_id and s.id = k.content_set_id
        where not exists (
            select from public.content as c
            where c.account_id = k.account_id and c.content_set_id = k.content_set_id and c.key = k.key
        )
        group by k.account_id, k.content_set_id, k.key, s.contents
    ), created as (
        insert into public.content (account_id, id, content_set_id, key, created_at)
        select account_id, fn.uuid_v7(_now), content_set_id, key, _now
        from missing
        where contents + rank <= _limit
        on conflict (account_id, content_set_id, key) do nothing
        returning account_id, content_set_id
    )
    update public.content_set as s
    set contents = s.contents + n.n
    from (select account_id, content_set_id, count(*) as n from created group by account_id, content_set_id) as n
    where s.account_id = n.account_id and s.id = n.content_set_id;
end;
$$;

comment on function fn.create_contents is
'Makes the contents that the keys name and that do not exist yet, up to _limit contents a set; the rest stay unmade.';
