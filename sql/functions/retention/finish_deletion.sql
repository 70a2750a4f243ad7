create function fn.finish_deletion(_account_id uuid, _id uuid, _placements integer default 5000) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _kind text;
    _placement_ids uuid[];
begin
    select d.kind into _kind from public.deletion as d where d.account_id = _account_id and d.id = _id;
    if _kind = 'pages' then
        _placement_ids := array(
            select c.id
            from public.page as p
            join public.placement as c on c.account_id = p.account_id and c.page_id = p.id
            where p.account_id = _account_id and p.deletion_id = _id
            limit _placements
        );
        perform fn.purge_placements(_account_id, _placement_ids);
        if cardinality(_placement_ids) = _placements then
            return false;
        end if;
        delete from public.page as p where p.account_id = _account_id and p.deletion_id = _id;
    end if;
    delete from public.deletion as d where d.account_id = _account_id and d.id = _id;
    case _kind
        when 'project' then perform fn.purge_project(_account_id, _id);
        when 'widget' then perform fn.purge_widget(_account_id, _id);
        when 'placement' then perform fn.purge_placements(_account_id, array[_id]);
        else null;
    end case;
    return true;
end;
$$;

comment on function fn.finish_deletion is 'Deletes the rest of a project, widget, placement or of many pages whose responses are deleted. False where _placements of the
pages are deleted and others are left: call it again.';
