-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.feelback(_account_id uuid, _project_id uuid, _id uuid)
returns table (
    id uuid, content_set_id uuid, set_name text, type text, content_id uuid, key text, label text, icon text,
    weight double precision, body text, fields_json text, context_json text, created_at timestamp, has_visitor boolean,
    is_test boolean, edits_json text
)
language plpgsql stable
set search_path = ''
as $$
declare
    _veiled_from timestamptz := fn.veiled_from(_account_id);
begin
    return query
    select f.id, s.id, s.name, s.type, c.id, c.key, o.label, o.icon, o.weight, u.body, u.fields::text, u.context::text,
        f.created_at at time zone p.time_zone, f.visitor is not null, f.counted_on is null,
        (
            select coalesce(json_agg(
                json_build_object(
                    'edited_at', e.edited_at at time zone p.time_zone, 'label', w.label, 'icon', w.icon, 'body', v.body,
                    'fields', v.fields
                ) order by e.edited_at desc
            ), '[]')::text
            from public.feelback_edit as e
            join public.option as w
                on w.account_id = e.account_id and w.content_set_id = f.content_set_id and w.no = e.option_no
            cross join lateral fn.unveiled(e.body, e.fields, null, f.created_at, _veiled_from) as v
            where e.account_id = f.account_id and e.feelback_id = f.id
        )
    from public.feelback as f
    join public.content as c on c.account_id = f.account_id and c.id = f.content_id
    join public.content_set as s on s.account_id = f.account_id and s.id = f.content_set_id
    join public.project as p on p.account_id = s.account_id and p.id = s.project_id
    join public.option as o on o.account_id = f.account_id and o.content_set_id = f.content_set_id and o.no = f.option_no
    cross join lateral fn.unveiled(f.body, f.fields, f.context, f.created_at, _veiled_from) as u
    where f.account_id = _account_id and f.id = _id and s.project_id = _project_id;
    if not found then
        raise exception 'There is no such signal.' using errcode = 'FB404', hint = 'It may have been deleted.';
    end if;
end;
$$;

comment on function fn.feelback is
'One signal of a project with its context, and what it said before each edit, the newest first. Times are the project''s.
FB404 where there is none.';
