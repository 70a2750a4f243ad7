-- Called by app as account.
create function fn.recap_deliveries(_account_id uuid, _slug text, _limit integer)
returns table (
    unit text, starts_on date, sent bigint, waiting bigint, failed bigint, unknown bigint, problems_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _project_id uuid;
begin
    perform fn.allow(_account_id, 'admin');
    select p.id into _project_id from public.project as p where p.account_id = _account_id and p.slug = _slug;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    return query
    with periods as (
        select distinct p.unit, p.starts_on from public.recap_delivery as p
        where p.account_id = _account_id and p.project_id = _project_id
        order by p.starts_on desc, p.unit
        limit _limit
    )
    select d.unit, d.starts_on,
        count(*) filter (where d.state in ('sent', 'kept')),
        count(*) filter (where d.state = 'waiting'),
        count(*) filter (where d.state = 'failed'),
        count(*) filter (where d.state = 'unknown'),
        coalesce(
            json_agg(
                json_build_object(
                    'mail_id', d.mail_id, 'email', a.email, 'state', d.state, 'error', d.error, 'at', d.updated_at,
                    'may_resend',
                    d.state in ('failed', 'unknown') and fn.gets_recap(_account_id, _project_id, d.to_id, d.unit)
                )
                order by d.state = 'waiting', d.state desc, a.email
            ) filter (where d.state in ('failed', 'unknown') or d.state = 'waiting' and d.attempts > 1),
            '[]'
        )::text
    from periods as p
    join public.recap_delivery as d
        on d.account_id = _account_id and d.project_id = _project_id and d.unit = p.unit and d.starts_on = p.starts_on
    left join lateral (
        select o.email
        from public.member as m
        join public.person as o on o.id = m.person_id
        where m.account_id = _account_id and m.person_id = d.to_id
        union all
        select r.email from public.recap_recipient as r where r.account_id = _account_id and r.id = d.to_id
    ) as a on true
    group by d.unit, d.starts_on
    order by d.starts_on desc, d.unit;
end;
$$;

comment on function fn.recap_deliveries is
'Deliveries of a project''s latest recaps, by period: numbers by state, and as JSON those that failed, may have arrived or are
being tried again, with whether an admin may send them again. A stored one counts as sent. FB404, FB403 below admin.';
