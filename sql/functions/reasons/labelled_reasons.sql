create function fn.labelled_reasons(_account_id uuid, _widget_id uuid, _nos smallint[]) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if _nos is null then
        return '[]';
    end if;
    return (
        select coalesce(json_agg(json_build_object('value', r.value, 'label', r.label) order by r.position, r.no), '[]')
        from public.reason as r
        where r.account_id = _account_id and r.widget_id = _widget_id and r.no = any (_nos)
    );
end;
$$;

comment on function fn.labelled_reasons is 'The reasons of a response with their labels, in their order; an empty list for none.';
