-- Called by app as account.
create function fn.delete_visitor(_account_id uuid, _project_id uuid, _response_id uuid) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _visitor bytea;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    select f.visitor into _visitor
    from public.response as f
    join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
    where f.account_id = _account_id and f.id = _response_id and s.project_id = _project_id;
    if not found then
        raise exception 'There is no such response.' using errcode = 'FB404', hint = 'It may have been deleted.';
    end if;
    if _visitor is null then
        raise exception 'The visitor is unknown: this widget counts every response.' using errcode = 'FB422',
            hint = 'Delete this response only.';
    end if;
    return fn.purge_visitor(_account_id, _project_id, _visitor);
end;
$$;

comment on function fn.delete_visitor is
'Deletes all responses by the visitor of one of them; returns how many. Widgets that count addresses know a visitor for a day
only. FB422 for a response without a visitor; FB404, FB403.';
