create function fn.add_triage_entries(
    _account_id uuid, _project_id uuid, _changed integer, _status text, _assignee_id uuid, _add_tag_ids uuid[],
    _remove_tag_ids uuid[], _group text, _now timestamptz
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _about text := (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id);
    _details jsonb := jsonb_build_object('messages', _changed);
begin
    if _status is not null then
        perform fn.add_audit_entry(
            _account_id, 'message.status_updated', _about,
            _details || jsonb_build_object('status', replace(_status, '_', ' ')), null, _now
        );
    end if;
    if _assignee_id is not null then
        perform fn.add_audit_entry(
            _account_id, 'message.assignee_updated', _about,
            _details || jsonb_build_object(
                'assignee', coalesce((select p.email from public.person as p where p.id = _assignee_id), 'no one')
            ), null, _now
        );
    end if;
    if cardinality(_add_tag_ids || _remove_tag_ids) > 0 then
        perform fn.add_audit_entry(
            _account_id, 'message.tags_updated', _about,
            _details || jsonb_strip_nulls(jsonb_build_object(
                'added', (
                    select jsonb_agg(t.name order by lower(t.name)) from public.tag as t
                    where t.account_id = _account_id and t.id = any (_add_tag_ids)
                ),
                'removed', (
                    select jsonb_agg(t.name order by lower(t.name)) from public.tag as t
                    where t.account_id = _account_id and t.id = any (_remove_tag_ids)
                )
            )), null, _now
        );
    end if;
    if _group is not null then
        perform fn.add_audit_entry(
            _account_id, 'message.group_updated', _about,
            _details || jsonb_build_object('group', case _group when 'join' then 'joined' else 'left' end), null, _now
        );
    end if;
end;
$$;

comment on function fn.add_triage_entries is 'Adds what fn.triage_messages changed to the audit log, an entry for each field.';
