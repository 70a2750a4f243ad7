-- Called by app as installation.
create function fn.installation_insights(_person_id uuid, _months integer default 12, _now timestamptz default now())
returns table (
    month date, signed_up bigint, activated bigint, accounts bigint, projects bigint, responses bigint, paying bigint,
    churn double precision, currencies text[], paid bigint[]
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _this constant date := date_trunc('month', _now at time zone 'UTC')::date;
begin
    perform fn.allow_installation(_person_id);
    return query
    with month as (
        select (_this - n * interval '1 month')::date as month from generate_series(0, _months - 1) as n
    ), activity as (
        select date_trunc('month', d.day)::date as month, sum(d.count)::bigint as responses,
            count(distinct d.account_id) as accounts, count(distinct (d.account_id, d.project_id)) as projects
        from public.project_day as d
        where d.count > 0 and d.day >= _this - _months * interval '1 month'
        group by 1
    ), beginning as (
        select date_trunc('month', a.signed_up_at at time zone 'UTC')::date as month, count(*) as signed_up,
            count(*) filter (where a.is_activated) as activated
        from insights.activation as a
        group by 1
    ), money as (
        select r.month, array_agg(r.currency order by r.currency) as currencies,
            array_agg(r.paid::bigint order by r.currency) as paid
        from insights.revenue as r
        group by 1
    )
    select m.month, coalesce(b.signed_up, 0), coalesce(b.activated, 0), coalesce(a.accounts, 0), coalesce(a.projects, 0),
        coalesce(a.responses, 0), coalesce(c.paying, 0), c.churn, coalesce(r.currencies, '{}'), coalesce(r.paid, '{}')
    from month as m
    left join activity as a on a.month = m.month
    left join beginning as b on b.month = m.month
    left join insights.churn as c on c.month = m.month
    left join money as r on r.month = m.month
    order by m.month desc;
end;
$$;

comment on function fn.installation_insights is
'The last months (UTC) of the installation, for its owner, newest first: sign-ups and how many of them were activated, active
accounts, responses, paying accounts, churn, and payments by currency. FB404 for everybody else. Schema insights has more.';
