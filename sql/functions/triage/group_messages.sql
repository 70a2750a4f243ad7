-- Called by app as account.
create function fn.group_messages(_account_id uuid, _project_id uuid, _id uuid)
returns table (id uuid, words text, created_at timestamp, similarity real)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    select w.id, left(w.words, 300), w.created_at, 1::real
    from fn.comparable_words(_account_id, _project_id, array(
        select t.response_id
        from public.triage as o
        join public.triage as t on t.account_id = o.account_id and t.group_id = o.group_id
        where o.account_id = _account_id and o.project_id = _project_id and o.response_id = _id and t.response_id <> _id
    ), fn.hidden_from(_account_id)) as w
    order by w.id desc;
end;
$$;

comment on function fn.group_messages is
'The other messages of a message''s group, newest first, as fn.similar_messages has them; times are in the project''s zone.';
