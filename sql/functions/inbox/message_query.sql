create function fn.message_query(_search text, _widget_ids uuid[]) returns tsquery
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    _words text;
begin
    select string_agg(format('%s:*', quote.word), ' & ') into _words
    from unnest(to_tsvector('simple'::regconfig, left(_search, 1000))) as w
    cross join lateral (
        select '''' || replace(replace(w.lexeme, '\', '\\'), '''', '''''') || '''' as word
    ) as quote;
    if _words is null or _widget_ids = '{}' then
        return ''::tsquery;
    end if;
    return (
        '(' || (select string_agg(format('''%s''', id), ' | ') from unnest(_widget_ids) as id) || ') & ' || _words
    )::tsquery;
end;
$$;

comment on function fn.message_query is
'The query for fn.message_words: each word of _search, or its beginning, in one of these widgets. A search without words matches
nothing.';
