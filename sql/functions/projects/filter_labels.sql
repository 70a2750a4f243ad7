-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.filter_labels(
    _account_id uuid, _project_id uuid, _page_id uuid default null, _widget_id uuid default null, _option text default '',
    _reason text default ''
) returns table (page_key text, page_title text, widget_name text, option_label text, reason_label text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    if _page_id is not null then
        select p.key, p.title into page_key, page_title
        from public.page as p
        where p.account_id = _account_id and p.project_id = _project_id and p.id = _page_id;
        if not found then
            raise exception 'The page of this filter does not exist.' using errcode = 'FB404',
                hint = 'It may have been deleted. Remove “page” from the address.';
        end if;
    end if;
    if _widget_id is not null then
        select w.name into widget_name
        from public.widget as w
        where w.account_id = _account_id and w.project_id = _project_id and w.id = _widget_id;
        if not found then
            raise exception 'The widget of this filter does not exist.' using errcode = 'FB404',
                hint = 'It may have been deleted. Remove “widget” from the address.';
        end if;
    end if;
    if _option <> '' then
        select o.label into option_label
        from public.option as o
        where o.account_id = _account_id and o.widget_id = _widget_id and o.value = _option;
        if not found then
            raise exception 'The widget of this filter has no option “%”.', left(_option, 100) using errcode = 'FB404',
                hint = 'Remove “option” from the address, or name its widget too.';
        end if;
    end if;
    if _reason <> '' then
        select r.label into reason_label
        from public.reason as r
        join public.option as o on o.account_id = _account_id and o.widget_id = r.widget_id and o.no = r.option_no
        where r.account_id = _account_id and r.widget_id = _widget_id and o.value = _option and r.value = _reason;
        if not found then
            raise exception 'The option of this filter has no reason “%”.', left(_reason, 100) using errcode = 'FB404',
                hint = 'Remove “reason” from the address, or name its widget and option too.';
        end if;
    end if;
    return next;
end;
$$;

comment on function fn.filter_labels is
'What the filter of a screen is called: a page''s key and title, a widget''s name, the labels of one of its options and of a
reason of that by their values. FB404
for one that the project does not have.';
