create function fn.reply_contact(_contact text, _context jsonb, _fields jsonb, _widget_fields jsonb) returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        _contact,
        (
            select _fields ->> (f.field ->> 'name')
            from jsonb_array_elements(_widget_fields) with ordinality as f (field, n)
            where f.field ->> 'kind' = 'email' and _fields ->> (f.field ->> 'name') <> ''
            order by f.n
            limit 1
        ),
        _context ->> '$user'
    );
end;
$$;

comment on function fn.reply_contact is
'The address at which a visitor can be answered: their contact, else the first email address of a form, else what the page named as
its user. Null without any.';
