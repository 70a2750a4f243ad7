create function fn.recap_project(_account_id uuid, _slug text, _unit text, _starts_on date) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid;
    _closed date;
begin
    select p.id, c.starts_on into _id, _closed
    from public.project as p
    left join public.period_close as c on c.account_id = p.account_id and c.project_id = p.id and c.unit = _unit
    where p.account_id = _account_id and p.slug = _slug;
    if _id is null then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    if _unit not in ('week', 'month') or _starts_on <> fn.period_start(_unit, _starts_on) or _closed is null
        or _starts_on > _closed then
        raise exception 'There is no recap of that % yet.', case when _unit = 'month' then 'month' else 'week' end
            using errcode = 'FB422', hint = 'Recaps are ready a few minutes after the week or month ends.';
    end if;
    return _id;
end;
$$;

comment on function fn.recap_project is
'The id of an account''s project, if that week or month is closed; otherwise FB404 or FB422.';
