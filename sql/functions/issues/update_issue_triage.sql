create function fn.update_issue_triage(
    _account_id uuid, _project_id uuid, _response_id uuid, _status text, _url text, _now timestamptz
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _ids uuid[];
begin
    perform from public.triage as t
    where t.account_id = _account_id and (t.response_id = _response_id or t.group_id = (
        select o.group_id from public.triage as o where o.account_id = _account_id and o.response_id = _response_id
    ))
    order by t.response_id
    for update;
    with changed as (
        update public.triage as t set status = _status
        where t.account_id = _account_id and (t.response_id = _response_id or t.group_id = (
            select o.group_id from public.triage as o where o.account_id = _account_id and o.response_id = _response_id
        ))
            -- What members dismissed stays so.
            and t.status not in (_status, 'dismissed')
        returning t.response_id
    )
    select array_agg(c.response_id) into _ids from changed as c;
    if _ids is null then
        return;
    end if;
    if _status = 'resolved' and fn.wants_event(_account_id, _project_id, 'message.resolved') then
        perform fn.emit(_account_id, _project_id, 'message.resolved', jsonb_build_object('responseId', i.id), _now)
        from unnest(_ids) as i (id);
    end if;
    perform fn.add_audit_entry(
        _account_id, 'message.status_updated', (
            select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id
        ), jsonb_build_object('messages', cardinality(_ids), 'status', replace(_status, '_', ' '), 'issue', _url), null, _now
    );
end;
$$;

comment on function fn.update_issue_triage is
'Gives the messages of an issue the status that its state stands for, as the audit log says of the issue.';
