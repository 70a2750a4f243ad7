-- Called by app as account.
create function fn.similar_messages(_account_id uuid, _project_id uuid, _id uuid, _limit integer default 5)
returns table (id uuid, words text, created_at timestamp, similarity real)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _looked_at constant integer := 1000;
    _hidden_from timestamptz := fn.hidden_from(_account_id);
    _own text;
    _ids uuid[];
    -- Without a group one that nobody has, because Citus cannot plan a comparison with null.
    _group_id uuid := coalesce(
        (select t.group_id from public.triage as t where t.account_id = _account_id and t.response_id = _id), gen_random_uuid()
    );
    -- Whoever hosts the database may have put the extension into another schema.
    _schema name := (
        select n.nspname from pg_catalog.pg_extension as e
        join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
        where e.extname = 'pg_trgm'
    );
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    select m.words into _own from fn.comparable_words(_account_id, _project_id, array[_id], _hidden_from) as m;
    if _own is null or _schema is null then
        return;
    end if;
    _ids := array(
        select i.response_id from public.message_state as i
        where i.account_id = _account_id and i.project_id = _project_id and i.folder in ('inbox', 'archive')
            and i.response_id <> _id and not exists (
                select 1 from public.triage as t
                where t.account_id = _account_id and t.response_id = i.response_id and t.group_id = _group_id
            )
        order by i.response_id desc
        limit _looked_at
    );
    return query execute format($query$
        select m.id, left(m.words, 300), m.created_at, m.similarity
        from (
            select w.*, %I.similarity(w.words, $1) as similarity from fn.comparable_words($2, $3, $4, $5) as w
        ) as m
        where m.similarity >= 0.3
        order by m.similarity desc, m.id desc
        limit $6
    $query$, _schema)
    using _own, _account_id, _project_id, _ids, _hidden_from, _limit;
end;
$$;

comment on function fn.similar_messages is
'Messages of a project that read like one of it, the most similar first, which are not in its group: of the newest 1,000 in the
inbox and the archive those that share at least 0.3 of their trigrams with it. None where the extension pg_trgm is missing. Times
are in the project''s zone.';
