create function fn.judged_period(_account_id uuid, _project_id uuid, _unit text, _starts_on date)
returns table (judged bigint, positives bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select sum(p.total)::bigint, round(sum(p.positive * p.total))::bigint
    from public.widget as s
    join public.period as p
        on p.account_id = s.account_id and p.scope_id = s.id and p.unit = _unit and p.starts_on = _starts_on
        and p.scope = 'widget'
    where s.account_id = _account_id and s.project_id = _project_id and p.positive is not null;
end;
$$;

comment on function fn.judged_period is
'How many responses of a closed period of a project judge (fn.scored_option), and how many of these are positive.';
