create function fn.comparable_words(_account_id uuid, _project_id uuid, _ids uuid[], _hidden_from timestamptz)
returns table (id uuid, words text, created_at timestamp)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select f.id, left(coalesce(u.body, t.words), 1000), f.created_at at time zone p.time_zone
    from public.response as f
    join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id and s.project_id = _project_id
    join public.project as p on p.account_id = s.account_id and p.id = s.project_id
    cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
    left join lateral (
        select string_agg(v.value, ' ' order by v.key) as words from jsonb_each_text(u.fields) as v
    ) as t on true
    where f.account_id = _account_id and f.id = any (_ids) and coalesce(u.body, t.words) <> '' and not u.is_hidden;
end;
$$;

comment on function fn.comparable_words is
'The words by which messages are compared: the text, or the values of a form, 1,000 characters at most. Those that are hidden have
no row.';
