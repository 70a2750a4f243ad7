-- Called by app as account.
create function fn.tags(_account_id uuid, _project_id uuid)
returns table (id uuid, name text, created_at timestamptz, messages bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    select t.id, t.name, t.created_at, count(k.response_id)
    from public.tag as t
    left join public.message_tag as k on k.account_id = t.account_id and k.tag_id = t.id
    where t.account_id = _account_id and t.project_id = _project_id
    group by t.id, t.name, t.created_at
    order by lower(t.name);
end;
$$;

comment on function fn.tags is 'The tags of a project by name, with the number of messages that have them.';
