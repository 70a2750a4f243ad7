-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.account_projects(_account_id uuid, _now timestamptz default now())
returns table (slug text, name text, widgets bigint, responses bigint, responses_of_week bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        p.slug, p.name,
        (select count(*) from public.widget as s where s.account_id = _account_id and s.project_id = p.id),
        coalesce((
            select sum(d.count) from public.project_day as d
            where d.account_id = _account_id and d.project_id = p.id
        ), 0)::bigint,
        coalesce((
            select sum(d.count) from public.project_day as d
            where d.account_id = _account_id and d.project_id = p.id and d.day > (_now at time zone p.time_zone)::date - 7
        ), 0)::bigint
    from public.project as p
    where p.account_id = _account_id
    order by lower(p.name), p.slug;
end;
$$;

comment on function fn.account_projects is
'Projects of an account by name, with widgets, all responses, and responses of the last 7 days (today included) in the
project''s zone.';
