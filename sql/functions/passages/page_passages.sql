-- Called by app as account.
create function fn.page_passages(_account_id uuid, _project_id uuid, _page_id uuid, _limit integer default 500)
returns table (
    id uuid, key text, heading text, exact text, prefix text, suffix text, start_at integer,
    end_at integer, current text, is_outdated boolean, checked_at timestamp, label text, icon text, weight double precision, body text, reasons text[], created_at timestamp
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _hidden_from timestamptz := fn.hidden_from(_account_id);
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    with own as (
        select c.id from public.placement as c where c.account_id = _account_id and c.page_id = _page_id
    ), at_page as (
        select p.* from public.passage as p
        where p.account_id = _account_id and p.project_id = _project_id and p.placement_id in (
            select o.id from own as o
            union
            select c.id from public.placement as c
            where c.account_id = _account_id and c.target_id in (select o.id from own as o)
        )
        order by p.response_id desc
        limit _limit
    ), listed as (
        select p.*, f.widget_id, f.option_no, f.reason_nos, f.created_at, u.body
        from at_page as p
        join public.response as f on f.account_id = _account_id and f.id = p.response_id
        left join public.message_state as m on m.account_id = _account_id and m.response_id = p.response_id
        cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
        where f.placement_id in (select o.id from own as o) and f.counted_on is not null and not u.is_hidden
            and coalesce(m.folder, 'inbox') not in ('spam', 'deleted')
    )
    select l.response_id, c.key, l.heading, l.exact, l.prefix, l.suffix, l.start_at, l.end_at, l.current,
        l.is_outdated, l.checked_at at time zone j.time_zone,
        case when w.type = 'tagged' then o.label else '' end, case when w.type = 'tagged' then o.icon else '' end, o.weight,
        l.body,
        array(
            select r.label from public.reason as r
            where r.account_id = _account_id and r.widget_id = l.widget_id and r.no = any (l.reason_nos)
            order by r.position, r.no
        ),
        l.created_at at time zone j.time_zone
    from listed as l
    join public.project as j on j.account_id = _account_id and j.id = l.project_id
    join public.placement as c on c.account_id = _account_id and c.id = l.placement_id
    join public.widget as w on w.account_id = _account_id and w.id = l.widget_id
    join public.option as o on o.account_id = _account_id and o.widget_id = l.widget_id and o.no = l.option_no
    -- A section is where its newest passage is; passages of texts of long ago would tear it apart.
    order by first_value(l.start_at) over (partition by l.heading order by l.is_outdated, l.response_id desc), l.heading,
        l.start_at, l.response_id;
end;
$$;

comment on function fn.page_passages is
'Responses about passages of a page, of the newest _limit, in the order of its text, those of one heading together; without spam,
test mode and hidden words. key is the address at which the response was sent. FB404, FB403.';
