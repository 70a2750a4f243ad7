create function fn.delete_project(_account_id uuid, _id uuid)
returns table (content_sets bigint, contents bigint, feelbacks bigint)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
begin
    select count(*), coalesce(sum(d.contents), 0), coalesce(sum(d.feelbacks), 0)
    into content_sets, contents, feelbacks
    from public.content_set as s
    cross join lateral fn.delete_content_set(s.account_id, s.id) as d
    where s.account_id = _account_id and s.project_id = _id;
    delete from public.set_day as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.project_day as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.set_window as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.period as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.period_close as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.period_change as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.project_roll as t where t.account_id = _account_id and t.project_id = _id;
    delete from public.project as p where p.account_id = _account_id and p.id = _id;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404';
    end if;
    return next;
end;
$$;

comment on function fn.delete_project is
'Deletes a project with its sets, contents, signals and figures. Returns how many sets, contents and single signals there
were; FB404 where there is no such project.';
