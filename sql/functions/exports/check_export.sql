create function fn.check_export(
    _account_id uuid, _project_id uuid, _kind text, _format text, _widget_id uuid, _from_day date, _to_day date
) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(_kind, '') <> all ('{responses,pages,windows,periods,days}') then
        raise exception 'kind must be responses, pages, windows, periods or days.' using errcode = 'FB422';
    end if;
    if coalesce(_format, '') <> all ('{csv,jsonl}') then
        raise exception 'format must be csv or jsonl.' using errcode = 'FB422';
    end if;
    if _from_day > _to_day then
        raise exception 'The first day must not be after the last.' using errcode = 'FB422';
    end if;
    if _widget_id is not null and not exists (
        select 1 from public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id and s.id = _widget_id
    ) then
        raise exception 'There is no such widget.' using errcode = 'FB404', hint = 'See the widgets of your project.';
    end if;
end;
$$;

comment on function fn.check_export is 'Validates the settings of an export. FB422, FB404.';
