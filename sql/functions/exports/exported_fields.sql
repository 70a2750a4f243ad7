-- Called by app as account.
create function fn.exported_fields(_account_id uuid, _project_id uuid, _widget_id uuid) returns text[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return (
        select coalesce(array_agg(f.name order by f.position), '{}')
        from (
            select f.value ->> 'name' as name, min(row(w.created_at, f.ordinality)::text) as position
            from public.widget as w
            cross join lateral jsonb_array_elements(w.fields) with ordinality as f
            where w.account_id = _account_id and w.project_id = _project_id and (_widget_id is null or w.id = _widget_id)
            group by 1
            order by 2
            limit 200
        ) as f
    );
end;
$$;

comment on function fn.exported_fields is
'Names of the fields that the forms of a project, or one form, ask for: an exported CSV has a column for each, 200 at most.';
