-- Called by app as account.
create function fn.export_part(_account_id uuid, _project_id uuid, _id uuid, _no integer) returns bytea
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return (
        select t.body
        from public.export as e
        join public.export_part as t on t.account_id = e.account_id and t.export_id = e.id
        where e.account_id = _account_id and e.project_id = _project_id and e.id = _id and t.no = _no
    );
end;
$$;

comment on function fn.export_part is 'A part of an export, counted from 1, compressed by zlib; null if it was deleted.';
