create function fn.recount_widget_hour(_account_id uuid, _project_id uuid) returns setof public.widget_hour
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select w.account_id, w.project_id, date_trunc('hour', f.created_at, 'UTC') as hour, w.id, f.option_no, count(*)
    from public.project_roll as r
    join public.widget as w on w.account_id = r.account_id and w.project_id = r.project_id
    join public.response as f on f.account_id = w.account_id and f.widget_id = w.id
    where r.account_id = _account_id and r.project_id = _project_id and f.counted_on is not null
        and f.id >= fn.uuid_floor(r.counted_until - interval '48 hours 1 minute')
        and f.id < fn.uuid_floor(r.counted_until + interval '1 minute')
        and f.created_at >= r.counted_until - interval '48 hours' and f.created_at < r.counted_until
    group by w.account_id, w.project_id, 3, w.id, f.option_no;
end;
$$;

comment on function fn.recount_widget_hour is
'What widget_hour should hold of a project: the responses of the 48 hours until project_roll.counted_until.';
