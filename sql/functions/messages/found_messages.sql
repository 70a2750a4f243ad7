create function fn.found_messages(
    _account_id uuid, _project_id uuid, _view text, _content_set_id uuid, _search text, _after uuid, _before uuid,
    _limit integer
) returns table (
    id uuid, content_set_id uuid, set_name text, type text, key text, label text, icon text, body text, fields json,
    sender text, created_at timestamp, edited_at timestamp, folder text, is_read boolean, is_starred boolean,
    is_test boolean
)
language plpgsql stable
set search_path = ''
as $$
declare
    _from uuid := coalesce(_after, '00000000-0000-0000-0000-000000000000');
    _to uuid := coalesce(_before, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    _query tsquery;
    _veiled_from timestamptz := fn.veiled_from(_account_id);
    _ids uuid[];
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    select fn.message_query(_search, coalesce(array_agg(s.id), '{}')) into _query
    from public.content_set as s
    where s.account_id = _account_id and s.project_id = _project_id and s.type in ('message', 'tagged', 'form')
        and (_content_set_id is null or s.id = _content_set_id);
    _ids := array(
        select f.id
        from public.feelback as f
        left join public.message_state as m on m.account_id = f.account_id and m.feelback_id = f.id
        where f.account_id = _account_id and (f.body is not null or f.fields is not null)
            and fn.message_words(f.content_set_id, f.body, f.fields, f.context) @@ _query
            and f.id > _from and f.id < _to and f.created_at < _veiled_from
            and case _view
                when 'unread' then coalesce(m.folder, 'inbox') = 'inbox' and not coalesce(m.is_read, false)
                when 'starred' then m.is_starred and m.folder in ('inbox', 'archive')
                when 'all' then coalesce(m.folder, 'inbox') in ('inbox', 'archive')
                else coalesce(m.folder, 'inbox') = _view
            end
        order by f.id desc
        limit _limit
    );
    return query select * from fn.message_rows(_account_id, _ids);
end;
$$;

comment on function fn.found_messages is
'The same as fn.inbox_messages of those in which every word of _search begins a word. Row security would keep the search
from its index, so it acts for the installation: it asks itself who may, and searches the project''s sets only.';
