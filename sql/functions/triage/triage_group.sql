create function fn.triage_group(
    _account_id uuid, _project_id uuid, _ids uuid[], _group text, _now timestamptz default now()
) returns table (id uuid, message_ids uuid[])
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _most constant integer := 200;
    _group_ids uuid[] := array(
        select distinct t.group_id from public.triage as t
        where t.account_id = _account_id and t.response_id = any (_ids) and t.group_id is not null
        order by t.group_id
    );
begin
    if _group = 'join' then
        message_ids := array(
            select unnest(_ids)
            union
            select t.response_id from public.triage as t
            where t.account_id = _account_id and t.project_id = _project_id and t.group_id = any (_group_ids)
        );
        if cardinality(message_ids) < 2 then
            raise exception 'Choose at least two messages that are the same.' using errcode = 'FB422';
        end if;
        if cardinality(message_ids) > _most then
            raise exception 'A group has at most % messages; this one would have %.', _most, cardinality(message_ids)
                using errcode = 'FB422', hint = 'Tag them instead.';
        end if;
        id := coalesce(_group_ids[1], fn.uuid_v7(_now));
    else
        -- A message alone is the same as none: it leaves, too.
        message_ids := array(
            select unnest(_ids)
            union
            select (array_agg(t.response_id))[1] from public.triage as t
            where t.account_id = _account_id and t.group_id = any (_group_ids) and t.response_id <> all (_ids)
            group by t.group_id
            having count(*) = 1
        );
    end if;
    return next;
end;
$$;

comment on function fn.triage_group is
'The group of messages that are to join or leave one, null for leaving, and whose group that changes. FB422 for fewer than 2 or more
than 200 messages in a group.';
