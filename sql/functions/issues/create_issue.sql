-- Called by app as account.
create function fn.create_issue(_account_id uuid, _project_id uuid, _response_id uuid, _now timestamptz default now())
returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _tracker public.tracker;
    _id uuid;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    select * into _tracker from public.tracker as t where t.account_id = _account_id and t.project_id = _project_id for update;
    if not found then
        raise exception 'The project is not connected to GitHub, GitLab or Forgejo.'
            using errcode = 'FB409', hint = 'An admin connects it under Settings, Issues.';
    end if;
    if _tracker.revoked_at is not null then
        raise exception '% no longer accepts the connection of this project.', (
            case _tracker.type when 'github' then 'GitHub' when 'gitlab' then 'GitLab' else 'Forgejo' end
        ) using errcode = 'FB409', hint = 'An admin can reconnect it under Settings, Issues.';
    end if;
    if fn.open_triage(_account_id, _project_id, array[_response_id]) = '{}' then
        raise exception 'There is no such message.'
            using errcode = 'FB404', hint = 'It may have been deleted for good, or withdrawn by its sender.';
    end if;
    if exists (
        select 1 from public.response as f
        where f.account_id = _account_id and f.id = _response_id and f.created_at >= fn.hidden_from(_account_id)
    ) then
        raise exception 'The message is hidden.' using errcode = 'FB409', hint = 'It came when the plan was used up.';
    end if;
    _id := fn.message_issue_id(_account_id, _response_id);
    if _id is not null then
        update public.issue as i set state = 'opening', next_at = _now, problem = null, failures = 0
        where i.account_id = _account_id and i.id = _id and i.state = 'failed';
        if not found then
            return _id;
        end if;
    else
        _id := fn.uuid_v7(_now);
        insert into public.issue (account_id, id, project_id, response_id, next_at, created_at)
        values (_account_id, _id, _project_id, _response_id, _now, _now);
    end if;
    perform fn.add_audit_entry(_account_id, 'issue.created', (
        select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id
    ), jsonb_build_object('repository', _tracker.path), null, _now);
    perform pg_notify('issue', '');
    return _id;
end;
$$;

comment on function fn.create_issue is
'Queues the opening of an issue for a message and its group; returns its id. A second time it is the same, and one that failed is tried
again. FB409 without a tracker, or where its token was revoked; FB404, FB403.';
