create function fn.finish_deletion(_account_id uuid, _id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
    _kind text;
begin
    delete from public.deletion as d where d.account_id = _account_id and d.id = _id returning d.kind into _kind;
    case _kind
        when 'project' then perform fn.purge_project(_account_id, _id);
        when 'widget' then perform fn.purge_widget(_account_id, _id);
        else perform fn.purge_placements(_account_id, array[_id]);
    end case;
end;
$$;

comment on function fn.finish_deletion is 'Deletes the rest of a project, widget or placement whose responses are deleted.';
