-- Called by ingest as caller.
create function fn.notify_responses(_project_ids uuid[], _counts integer[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_notify('response', format('%s %s', i.project_id, i.count))
    from unnest(_project_ids, _counts) as i (project_id, count);
end;
$$;

comment on function fn.notify_responses is
'Notifies open screens of new responses, by project: its id and their number. Called once a second and process after responses
were stored, and not by fn.ingest_responses, because transactions that notify commit one after the other.';
