create function fn.demo_responses(_account_id uuid, _project_id uuid, _now timestamptz)
returns table (
    widget_id uuid, key text, option_no smallint, body text, fields text, context text, visitor bytea,
    created_at timestamptz
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with choice as materialized ( -- each option of each page takes a part of 0 to 1: the better the page, the more its good ones
        select
            s.id, s.type, p.key, p.title, o.no, o.value,
            sum(exp(2.4 * o.weight * p.mood)) over (in_order) / sum(exp(2.4 * o.weight * p.mood)) over (whole) as upper,
            (sum(exp(2.4 * o.weight * p.mood)) over (in_order) - exp(2.4 * o.weight * p.mood))
                / sum(exp(2.4 * o.weight * p.mood)) over (whole) as lower
        from fn.demo_page as p
        cross join public.widget as s
        join public.option as o on o.account_id = s.account_id and o.widget_id = s.id
        where s.account_id = _account_id and s.project_id = _project_id
        window whole as (partition by s.id, p.key), in_order as (partition by s.id, p.key order by o.position)
    ), response as (
        select i.n, d.at + interval '1 day' * ((fn.demo_roll(i.n, 1) + fn.demo_roll(i.n, 2)) / 2) as at,
            width_bucket(fn.demo_roll(i.n, 3), array[0.3, 0.43, 0.65, 0.78, 0.88, 0.94, 0.95, 0.99]) + 1 as widget_no,
            fn.demo_roll(i.n, 4) as page_roll, fn.demo_roll(i.n, 5) as roll
        from generate_series(0, 90) as day
        cross join lateral (select date_trunc('day', _now, 'UTC') - make_interval(days => day) as at) as d
        cross join lateral (
            select day * 1000 + n as n
            from generate_series(1, (
                (84 - day * 0.45 + 22 * fn.demo_roll(day, 6))
                * case when extract(isodow from d.at at time zone 'UTC') > 5 then 0.55 else 1 end
            )::integer) as n
        ) as i
    )
    select
        c.id, c.key, c.no, w.body, w.fields,
        json_strip_nulls(json_build_object('title', c.title, '$user', w.sender))::text,
        substr(sha256(int8send(s.n)), 1, 16), s.at
    from (select t.*, row_number() over (partition by t.widget_no order by t.at) as nth from response as t where t.at <= _now) as s
    join fn.demo_page as p on s.page_roll >= p.lower and s.page_roll < p.upper
    join (select t.id, row_number() over (order by t.created_at) as n from public.widget as t
        where t.account_id = _account_id and t.project_id = _project_id) as t on t.n = s.widget_no
    join choice as c on c.id = t.id and c.key = p.key and s.roll >= c.lower and s.roll < c.upper
    left join lateral (
        select m.body, m.fields, m.sender from fn.demo_text as m
        where m.type = c.type and m.value = c.value
        order by m.n
        offset s.nth % nullif((select count(*) from fn.demo_text as a where a.type = c.type and a.value = c.value), 0)
        limit 1
    ) as w on true
    order by s.at;
end;
$$;

comment on function fn.demo_responses is
'The demo''s responses of the 90 days until _now, the same on every call on one day: busier on weekdays, slowly growing, better
for good pages (fn.demo_page), with texts of fn.demo_text.';
