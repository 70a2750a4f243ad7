-- Called by app as account.
create function fn.delete_test_responses(_account_id uuid, _project_id uuid) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _ids uuid[];
    _count bigint;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    with deleted as (
        delete from public.response as f
        using public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id
            and f.account_id = s.account_id and f.widget_id = s.id and f.counted_on is null
        returning f.id, f.dedup_key
    ), edits as (
        delete from public.response_edit as e
        using deleted as g
        where e.account_id = _account_id and e.response_id = g.id
    ), states as (
        delete from public.message_state as m
        using deleted as g
        where m.account_id = _account_id and m.response_id = g.id
    ), passages as (
        delete from public.passage as p
        using deleted as g
        where p.account_id = _account_id and p.response_id = g.id
    ), visits as (
        delete from public.visit as v
        using deleted as g
        where v.account_id = _account_id and v.dedup_key = g.dedup_key and v.response_id = g.id
    )
    select array_agg(d.id) into _ids from deleted as d;
    _count := coalesce(cardinality(_ids), 0);
    perform fn.forget_merge_responses(_account_id, _ids);
    with hold as (
        delete from public.merge_hold as h
        using public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id
            and h.account_id = s.account_id and h.widget_id = s.id and h.counted_on is null
        returning h.id
    )
    delete from public.message_state as m
    using hold as h
    where m.account_id = _account_id and m.response_id = h.id;
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
