create function fn.check_triage(
    _account_id uuid, _project_id uuid, _ids uuid[], _status text, _assignee_id uuid, _tag_ids uuid[], _group text
) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    if _status <> all ('{new,in_progress,resolved,dismissed}') then
        raise exception 'status must be new, in_progress, resolved or dismissed.' using errcode = 'FB422';
    end if;
    if _group <> all ('{join,leave}') then
        raise exception 'group must be join or leave.' using errcode = 'FB422';
    end if;
    if cardinality(_ids) > 5000 then
        raise exception 'Choose at most 5,000 messages, not %.', cardinality(_ids) using errcode = 'FB422';
    end if;
    if _assignee_id <> '00000000-0000-0000-0000-000000000000' and not exists (
        select 1 from public.member as m where m.account_id = _account_id and m.person_id = _assignee_id
    ) then
        raise exception 'The assignee must be a member of the account.'
            using errcode = 'FB422', hint = 'They may have left it. Choose somebody else.';
    end if;
    if exists (
        select 1 from unnest(_tag_ids) as i (id)
        where not exists (
            select 1 from public.tag as t where t.account_id = _account_id and t.project_id = _project_id and t.id = i.id
        )
    ) then
        raise exception 'There is no such tag.'
            using errcode = 'FB404', hint = 'It may have been deleted. See the tags of your project.';
    end if;
end;
$$;

comment on function fn.check_triage is 'Whether the actor may change triage like this. FB422, FB404, FB403.';
