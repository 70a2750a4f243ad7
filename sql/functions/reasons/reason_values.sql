create function fn.reason_values(_account_id uuid, _widget_id uuid, _nos smallint[]) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if _nos is null then
        return null;
    end if;
    return (
        select json_agg(r.value order by r.position, r.no) from public.reason as r
        where r.account_id = _account_id and r.widget_id = _widget_id and r.no = any (_nos)
    );
end;
$$;

comment on function fn.reason_values is 'The values of the reasons of a response, in their order; null for none.';
