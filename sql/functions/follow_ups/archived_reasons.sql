-- Called by app as account.
create function fn.archived_reasons(_account_id uuid, _project_id uuid, _widget_id uuid)
returns table (option text, value text, label text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select o.value, r.value, r.label
    from public.widget as w
    join public.reason as r on r.account_id = w.account_id and r.widget_id = w.id
    join public.option as o on o.account_id = r.account_id and o.widget_id = r.widget_id and o.no = r.option_no
    where w.account_id = _account_id and w.project_id = _project_id and w.id = _widget_id and r.archived_at is not null
    order by r.no;
end;
$$;

comment on function fn.archived_reasons is
'The reasons that the options of a widget do not offer any more, oldest first. None for a widget that there is not. FB403.';
