-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.widget_choices(_account_id uuid, _project_id uuid) returns table (
    id uuid, name text, type text, takes_words boolean, options_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.id, s.name, s.type,
        bool_or(w.has_text) or exists (
            select 1 from public.follow_up as u
            where u.account_id = _account_id and u.widget_id = s.id and u.takes_message
        ),
        json_agg(
            json_build_object(
                'value', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight, 'count', 0, 'reasons',
                coalesce((
                    select json_agg(json_build_object('value', r.value, 'label', r.label) order by r.position, r.no)
                    from public.reason as r
                    where r.account_id = _account_id and r.widget_id = o.widget_id and r.option_no = o.no
                ), '[]')
            ) order by o.position
        )::text
    from public.widget as s
    join fn.widget_type as w on w.name = s.type
    join public.option as o on o.account_id = _account_id and o.widget_id = s.id
    where s.account_id = _account_id and s.project_id = _project_id
    group by s.id, s.name, s.type, s.created_at
    order by s.created_at, s.id;
end;
$$;

comment on function fn.widget_choices is 'Widgets of a project, oldest first, whether their responses may have words, and their options with reasons, for filters.';
