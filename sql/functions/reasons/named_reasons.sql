create function fn.named_reasons(_account_id uuid, _widget_ids uuid[], _option text, _reason text)
returns table (widget_id uuid, no smallint, option_no smallint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select r.widget_id, r.no, r.option_no
    from public.reason as r
    join public.option as o on o.account_id = _account_id and o.widget_id = r.widget_id and o.no = r.option_no
    where r.account_id = _account_id and r.widget_id = any (_widget_ids) and (_option = '' or o.value = _option)
        and (_reason = '' or r.value = _reason);
end;
$$;

comment on function fn.named_reasons is
'The reasons of some widgets, archived ones too: all, of an option, or the one of that value ('''': any).';
