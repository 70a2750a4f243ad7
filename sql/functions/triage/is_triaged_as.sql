create function fn.is_triaged_as(
    _account_id uuid, _id uuid, _statuses text[], _assignee_id uuid, _tag_id uuid, _group_id uuid
) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _nobody constant uuid := '00000000-0000-0000-0000-000000000000';
    _triage public.triage;
begin
    if _statuses is null and _assignee_id is null and _tag_id is null and _group_id is null then
        return true;
    end if;
    select * into _triage from public.triage as t where t.account_id = _account_id and t.response_id = _id;
    return coalesce(_triage.status, 'new') = any (coalesce(_statuses, array[coalesce(_triage.status, 'new')]))
        and (_assignee_id is null or coalesce(_triage.assignee_id, _nobody) = _assignee_id)
        and (_group_id is null or coalesce(_triage.group_id = _group_id, false))
        and (
            _tag_id is null or exists (
                select 1 from public.message_tag as k
                where k.account_id = _account_id and k.response_id = _id and k.tag_id = _tag_id
            )
        );
end;
$$;

comment on function fn.is_triaged_as is
'Whether a message is in one of some statuses, of an assignee (the nil id: of nobody), with a tag and in a group; null for any.';
