-- Called by ingest as installation.
create function fn.ingest_test_feelback(
    _account_id uuid, _content_set_id uuid, _key text, _id uuid, _created_ms bigint, _option_no smallint, _body text,
    _fields text, _context text, _visitor bytea, _fold_key bytea, _fold_ms bigint, _contents_limit integer
) returns table (feelback_id uuid, outcome text)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _content public.content;
    _kept_id uuid;
begin
    for _try in 1..2 loop
        select * into _content from public.content as c
        where c.account_id = _account_id and c.content_set_id = _content_set_id and c.key = _key;
        exit when found or _try = 2;
        perform fn.create_contents(array[_account_id], array[_content_set_id], array[_key], _contents_limit);
    end loop;
    if _content.id is null or _content.archived_at is not null then
        return query select _id, case
            when _content.id is not null then 'archived'
            when exists (
                select from public.content_set as s where s.account_id = _account_id and s.id = _content_set_id
            ) then 'contents_limit'
            else 'unknown_set'
        end;
        return;
    end if;
    if _fold_key is not null then
        insert into public.visit as v (account_id, fold_key, content_id, feelback_id, expires_at)
        values (
            _account_id, _fold_key, _content.id, _id,
            coalesce(to_timestamp(_fold_ms / float8 '1000'), timestamptz 'infinity')
        )
        on conflict (account_id, fold_key) do update set
            feelback_id = case when v.expires_at > now() then v.feelback_id else excluded.feelback_id end,
            expires_at = case when v.expires_at > now() then v.expires_at else excluded.expires_at end
        returning v.feelback_id into _kept_id;
        if _kept_id <> _id then
            -- As fn.ingest_feelbacks does.
            if _body is null and _fields is null and not exists (
                select from public.content_set as s
                where s.account_id = _account_id and s.id = _content_set_id and s.type = 'tagged'
            ) then
                perform fn.edit_feelback(_account_id, _kept_id, _option_no, _body, _fields);
            end if;
            return query select _kept_id, 'folded';
            return;
        end if;
    end if;
    insert into public.feelback (
        account_id, id, content_set_id, content_id, option_no, counted_on, created_at, visitor, fold_key, body, fields,
        context
    )
    values (
        _account_id, _id, _content_set_id, _content.id, _option_no, null, to_timestamp(_created_ms / float8 '1000'), _visitor,
        _fold_key, _body, _fields::jsonb, _context::jsonb
    )
    on conflict (account_id, id) do nothing;  -- sent again after a lost answer
    if _body is not null or _fields is not null then
        perform fn.notify_messages(array[_account_id], array[_content_set_id], array[_body], array[_fields]);
    end if;
    return query select _id, 'test';
end;
$$;

comment on function fn.ingest_test_feelback is
'Stores one signal of a project in test mode: marked (counted_on is null) and not counted. Its fold key is another than that
of a signal that counts, so that a visitor who has tested is counted later all the same. Returns its id and test, folded,
archived, contents_limit or unknown_set, as fn.ingest_feelbacks does.';
