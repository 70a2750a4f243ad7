-- Called by app as account.
create function fn.update_tracker(
    _account_id uuid, _project_id uuid, _type text, _url text, _path text, _token bytea, _hook_id uuid, _hook_secret bytea,
    _labels text[], _title text, _body text, _edit_rule text, _now timestamptz default now(),
    _installation_id bigint default null
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _before public.tracker;
    _stored_id bigint := case when _token is null then _installation_id end;
    _is_same boolean;
    _unlinked bigint := 0;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    perform fn.check_tracker(_type, _url, _path, _labels, _title, _body, _edit_rule);
    perform from public.project as p where p.account_id = _account_id and p.id = _project_id for no key update;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    select * into _before from public.tracker as t where t.account_id = _account_id and t.project_id = _project_id for update;
    -- No forge has two repositories whose paths differ in nothing but case.
    _is_same := (_before.type, _before.url, lower(_before.path)) is not distinct from (_type, _url, lower(_path));
    if _token is null and _installation_id is null and _is_same then
        _stored_id := _before.installation_id;
    elsif _token is null and _installation_id is null and _before.installation_id is not null then
        raise exception 'Choose the repository by the GitHub App, or enter a token.'
            using errcode = 'FB422', hint = 'GitHub has to confirm that it is yours.';
    end if;
    -- A token goes only to the forge for which it was entered.
    if _token is null and _stored_id is null and (_before.token is null or (_before.type, _before.url) is distinct from (_type, _url)) then
        raise exception 'Enter the token of the forge.'
            using errcode = 'FB422', hint = 'It must read and write issues of the repository.';
    end if;
    if _token is null and _installation_id is null and (
        _before.path, _before.labels, _before.title, _before.body, coalesce(_before.edit_rule, '')
    ) is not distinct from (_path, _labels, _title, _body, coalesce(_edit_rule, '')) then
        return;
    end if;
    if not _is_same then
        -- Their numbers are of another repository. They start anew with the first message for which one is opened.
        delete from public.issue as i where i.account_id = _account_id and i.project_id = _project_id;
        get diagnostics _unlinked = row_count;
    end if;
    insert into public.tracker (
        account_id, project_id, type, url, path, token, hook_id, hook_secret, labels, title, body, edit_rule, created_at,
        installation_id
    )
    values (
        _account_id, _project_id, _type, _url, _path, case when _stored_id is null then coalesce(_token, _before.token) end, _hook_id, _hook_secret, _labels, _title,
        _body, nullif(_edit_rule, ''), _now, _stored_id
    )
    on conflict (account_id, project_id) do update set
        type = excluded.type, url = excluded.url, path = excluded.path, token = excluded.token, labels = excluded.labels,
        title = excluded.title, body = excluded.body, edit_rule = excluded.edit_rule, retry_at = null, installation_id = excluded.installation_id,
        revoked_at = case when _token is null and _installation_id is null then tracker.revoked_at end;
    perform fn.add_audit_entry(
        _account_id, 'tracker.updated', (
            select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id
        ), jsonb_build_object(
            'type', _type, 'url', _url, 'repository', _path, 'by', case when _stored_id is not null then 'GitHub App' end,
            'unlinked', nullif(_unlinked, 0)
        ), null, _now
    );
    perform pg_notify('issue', '');
end;
$$;

comment on function fn.update_tracker is
'Says where the issues of a project are opened. Without a _token the one before stays, for the same forge, or the installation of the
GitHub App, for the same repository; who calls it with an _installation_id has asked GitHub whether it is theirs. _hook_id and _hook_secret
are of the first time. Links to issues of another repository are deleted; upper case makes no other one. FB422 for a setting that is not valid; FB404, FB403.';
