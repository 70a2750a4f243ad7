create function fn.unread_messages(_account_id uuid, _project_id uuid, _most integer default 1000) returns integer
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select count(*)
        from (
            (
                select 1 from public.message_state as m
                where m.account_id = _account_id and m.project_id = _project_id and m.folder = 'inbox' and not m.is_read
                limit _most
            )
            union all
            (
                select 1 from fn.new_messages(
                    _account_id, _project_id, null, '00000000-0000-0000-0000-000000000000',
                    'ffffffff-ffff-ffff-ffff-ffffffffffff', _most
                )
            )
            limit _most
        ) as u
    );
end;
$$;

comment on function fn.unread_messages is
'Number of unread messages in a project''s inbox, at most _most, so that every page can show it.';
