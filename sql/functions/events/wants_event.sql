create function fn.wants_event(_account_id uuid, _project_id uuid, _type text) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select 1 from public.destination as d
        where d.account_id = _account_id and d.project_id = _project_id and d.disabled_at is null
            and _type = any (d.events)
    );
end;
$$;

comment on function fn.wants_event is 'Whether a destination of the project takes events of this type.';
