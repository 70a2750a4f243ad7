create function fn.refuse_deleted(_account_id uuid, _project_id uuid, _id uuid default null) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select 1 from public.deletion as d where d.account_id = _account_id and d.id in (_project_id, _id)
    ) then
        raise exception 'This project, widget or page is being deleted.' using errcode = 'FB409',
            hint = 'A deletion that has begun cannot be cancelled.';
    end if;
end;
$$;

comment on function fn.refuse_deleted is
'Refuses (FB409) to change a project, or its widget or placement, that is being deleted.';
