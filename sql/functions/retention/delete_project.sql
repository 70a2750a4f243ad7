create function fn.delete_project(_account_id uuid, _id uuid)
returns table (content_sets bigint, contents bigint, feelbacks bigint)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _set_ids uuid[];
    _content_ids uuid[];
begin
    perform pg_advisory_xact_lock(hashtext('fn.roll_up_tallies'));
    perform from public.content_set as s
    where s.account_id = _account_id and s.project_id = _id
    order by s.id
    for update;
    _set_ids := array(select s.id from public.content_set as s where s.account_id = _account_id and s.project_id = _id);
    _content_ids := array(
        select c.id from public.content as c where c.account_id = _account_id and c.content_set_id = any (_set_ids)
    );
    content_sets := cardinality(_set_ids);
    contents := cardinality(_content_ids);
    with gone as (
        delete from public.feelback as f
        where f.account_id = _account_id and f.content_set_id = any (_set_ids)
        returning f.id, f.fold_key
    ), edits as (
        delete from public.feelback_edit as e using gone as g where e.account_id = _account_id and e.feelback_id = g.id
    ), visits as (
        delete from public.visit as v using gone as g where v.account_id = _account_id and v.fold_key = g.fold_key
    )
    select count(*) into feelbacks from gone;

    -- Nothing is taken back from sums: they go too, all of them.
    delete from public.address_visit as t where t.account_id = _account_id and t.content_id = any (_content_ids);
    delete from public.tally as t where t.account_id = _account_id and t.content_id = any (_content_ids);
    delete from public.tally_day as t where t.account_id = _account_id and t.content_id = any (_content_ids);
    delete from public.tally_change as t where t.account_id = _account_id and t.content_id = any (_content_ids);
    delete from public.content_window as t where t.account_id = _account_id and t.content_id = any (_content_ids);
    delete from public.content_score as t where t.account_id = _account_id and t.content_id = any (_content_ids);
    delete from public.reconciliation as t
    where t.account_id = _account_id and t.content_id = any (_content_ids || _set_ids || _id);
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
