-- Called by app as account.
create function fn.content_key_rules(_account_id uuid, _project_id uuid, _id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
declare
    _rules jsonb;
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    select p.key_rules || s.key_rules into _rules
    from public.content as c
    join public.content_set as s on s.account_id = c.account_id and s.id = c.content_set_id
    join public.project as p on p.account_id = s.account_id and p.id = s.project_id
    where c.account_id = _account_id and c.id = _id and s.project_id = _project_id;
    if not found then
        raise exception 'There is no such content.' using errcode = 'FB404', hint = 'See the contents of your sets.';
    end if;
    return _rules::text;
end;
$$;

comment on function fn.content_key_rules is
'How an address becomes the key of a content, as JSON: its project''s rules, and its set''s, which win. FB404.';
