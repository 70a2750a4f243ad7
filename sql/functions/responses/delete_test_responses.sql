-- Called by app as account.
create function fn.delete_test_responses(_account_id uuid, _project_id uuid) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _ids uuid[];
    _hold_ids uuid[];
    _count bigint;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    with deleted as (
        delete from public.response as f
        using public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id
            and f.account_id = s.account_id and f.widget_id = s.id and f.counted_on is null
        returning f.id, f.dedup_key
    ), visits as (
        delete from public.visit as v
        using deleted as g
        where v.account_id = _account_id and v.dedup_key = g.dedup_key and v.response_id = g.id
    )
    select array_agg(d.id) into _ids from deleted as d;
    _count := coalesce(cardinality(_ids), 0);
    perform fn.delete_response_parts(_account_id, _ids);
    perform fn.forget_merge_responses(_account_id, _ids);
    with hold as (
        delete from public.merge_hold as h
        using public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id
            and h.account_id = s.account_id and h.widget_id = s.id and h.counted_on is null
        returning h.id
    )
    select array_agg(h.id) into _hold_ids from hold as h;
    perform fn.delete_response_parts(_account_id, _hold_ids);
    if _count > 0 then
        perform fn.add_audit_entry(
            _account_id, 'project.test_responses_deleted',
            (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id),
            jsonb_build_object('responses', _count)
        );
    end if;
    return _count;
end;
$$;

comment on function fn.delete_test_responses is
'Deletes a project''s responses of test mode; their pages stay. Returns how many. FB404, FB403.';
