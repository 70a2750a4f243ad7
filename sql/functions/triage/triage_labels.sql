-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.triage_labels(
    _account_id uuid, _project_id uuid, _assignee_id uuid default null, _tag_id uuid default null,
    _group_id uuid default null
) returns table (assignee text, tag text, group_size integer)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    assignee := '';
    tag := '';
    group_size := 0;
    if _assignee_id is not null then
        select p.email into assignee
        from public.member as m
        join public.person as p on p.id = m.person_id
        where m.account_id = _account_id and m.person_id = _assignee_id;
        if not found then
            raise exception 'The assignee of this filter is no member of the account.' using errcode = 'FB404',
                hint = 'They may have left it. Remove “assignee” from the address.';
        end if;
    end if;
    if _tag_id is not null then
        select t.name into tag from public.tag as t
        where t.account_id = _account_id and t.project_id = _project_id and t.id = _tag_id;
        if not found then
            raise exception 'The tag of this filter does not exist.' using errcode = 'FB404',
                hint = 'It may have been deleted. Remove “tag” from the address.';
        end if;
    end if;
    if _group_id is not null then
        select count(*) into group_size from public.triage as t
        where t.account_id = _account_id and t.project_id = _project_id and t.group_id = _group_id;
        if group_size = 0 then
            raise exception 'The group of this filter does not exist.' using errcode = 'FB404',
                hint = 'Its messages may have been taken out of it. Remove “group” from the address.';
        end if;
    end if;
    return next;
end;
$$;

comment on function fn.triage_labels is
'What the filter of an inbox is called: the address of an assignee, the name of a tag, the number of messages of a group. FB404 for
one that the project does not have.';
