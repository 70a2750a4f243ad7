-- Called by app as account.
create function fn.refusals(_account_id uuid, _project_id uuid, _from timestamptz, _to timestamptz)
returns table (reason text, origin text, count bigint, first_at timestamptz, last_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select r.reason, r.origin, sum(r.count)::bigint, min(r.hour), max(r.hour)
    from public.refusal as r
    where r.account_id = _account_id and r.project_id = _project_id and r.hour >= date_trunc('hour', _from) and r.hour < _to
    group by r.reason, r.origin
    order by 3 desc, r.reason, r.origin
    limit 500;
end;
$$;

comment on function fn.refusals is
'Refusals of a project from _from to _to, by reason and origin, most first, at most 500, with the hours of the first and last.
They are kept for 30 days. FB404.';
