-- Called by panel as installation.
create function fn.purge_visitor(_account_id uuid, _project_id uuid, _visitor bytea) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _ids uuid[];
    _hold_ids uuid[];
begin
    select array_agg(f.id order by f.id) into _ids
    from public.response as f
    join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
    where f.account_id = _account_id and s.project_id = _project_id and f.visitor = _visitor;
    perform fn.delete_response(_account_id, id) from unnest(_ids) as id;
    -- Those that merges still hold: of a response that is left, it would be another visitor's.
    with hold as (
        delete from public.merge_hold as h
        using public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id
            and h.account_id = s.account_id and h.widget_id = s.id and h.visitor = _visitor
        returning h.id
    )
    select array_agg(h.id) into _hold_ids from hold as h;
    perform fn.delete_response_parts(_account_id, _hold_ids);
    -- By the role that deletes: on Citus a transaction changes the rows of an account as one.
    perform fn.add_audit_entry(
        _account_id, 'visitor.deleted',
        (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id),
        jsonb_build_object('responses', coalesce(cardinality(_ids), 0))
    );
    return coalesce(cardinality(_ids), 0);
end;
$$;

comment on function fn.purge_visitor is
'Deletes all responses of a visitor from a project, by the keyed hash of the visitor''s token, with their counts. Returns how
many.';
