create function fn.issue_words(_body text, _fields jsonb, _widget_fields jsonb) returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(_body, (
        select string_agg(v.key || ': ' || v.value, e'\n' order by v.key) from jsonb_each_text(_fields) as v
        where v.value is not null and not exists (
            select 1 from jsonb_array_elements(_widget_fields) as f (field)
            where f.field ->> 'name' = v.key and f.field ->> 'kind' = 'email'
        )
    ), '');
end;
$$;

comment on function fn.issue_words is 'What a visitor wrote, for others to read: without email addresses of a form, and never the contact.';
