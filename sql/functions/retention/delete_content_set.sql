create function fn.delete_content_set(_account_id uuid, _id uuid)
returns table (contents bigint, feelbacks bigint)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
begin
    select d.contents, d.feelbacks into contents, feelbacks
    from fn.delete_contents(
        _account_id,
        array(select c.id from public.content as c where c.account_id = _account_id and c.content_set_id = _id)
    ) as d;
    delete from public.set_day as t where t.account_id = _account_id and t.content_set_id = _id;
    delete from public.set_window as t where t.account_id = _account_id and t.content_set_id = _id;
    delete from public.reconciliation as r where r.account_id = _account_id and r.content_id = _id;
    delete from public.content_set as s where s.account_id = _account_id and s.id = _id;
    if not found then
        raise exception 'There is no such content set.' using errcode = 'FB404';
    end if;
    return next;
end;
$$;

comment on function fn.delete_content_set is
'Deletes a content set with its contents and all that was told about them. Returns how many contents and single signals
there were; FB404 where there is no such set.';
