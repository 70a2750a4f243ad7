-- Called by jobs as installation.
create function fn.add_export_part(
    _account_id uuid, _id uuid, _claim uuid, _no integer, _body bytea, _rows bigint, _bytes bigint, _through_id uuid,
    _now timestamptz default now()
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.export as e
    set parts = _no, rows = e.rows + _rows, bytes = e.bytes + _bytes, through_id = _through_id, attempts = 1,
        claimed_until = _now + interval '1 minute'
    where e.account_id = _account_id and e.id = _id and e.claim = _claim and e.done_at is null and e.parts = _no - 1;
    if not found then
        return false;
    end if;
    insert into public.export_part (account_id, export_id, no, body) values (_account_id, _id, _no, _body);
    return true;
end;
$$;

comment on function fn.add_export_part is
'Stores the next part of an export; false if the worker''s claim was lost or the export was deleted.';
