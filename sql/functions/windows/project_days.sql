-- Called by app as account.
create function fn.project_days(
    _account_id uuid, _project_id uuid, _from date, _to date, _widget_id uuid default null, _now timestamptz default now()
) returns table (day date, responses bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _exists boolean;
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    _to := coalesce(_to, (
        select (_now at time zone p.time_zone)::date from public.project as p
        where p.account_id = _account_id and p.id = _project_id
    ));
    _from := coalesce(_from, _to - 29);
    if _to - _from not between 0 and 3660 then
        raise exception 'A trend must cover 1 to 3661 days.' using errcode = 'FB422';
    end if;
    if _widget_id is null then
        _exists := exists (select 1 from public.project as p where p.account_id = _account_id and p.id = _project_id);
    else
        _exists := exists (
            select 1 from public.widget as s
            where s.account_id = _account_id and s.project_id = _project_id and s.id = _widget_id
        );
    end if;
    if not _exists then
        raise exception 'There is no such project or widget.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    return query select t.day, t.responses from fn.trend(_account_id, _project_id, _from, _to, _widget_id) as t;
end;
$$;

comment on function fn.project_days is 'fn.trend for members: without _to until today in the project''s zone, without _from 30 days. FB404 for others, FB422 for too many
days.';
