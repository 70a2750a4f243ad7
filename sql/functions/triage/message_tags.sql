create function fn.message_tags(_account_id uuid, _id uuid) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name) order by lower(t.name)), '[]')
        from public.message_tag as k
        join public.tag as t on t.account_id = _account_id and t.id = k.tag_id
        where k.account_id = _account_id and k.response_id = _id
    );
end;
$$;

comment on function fn.message_tags is 'The tags of a message by name, as JSON: id and name.';
