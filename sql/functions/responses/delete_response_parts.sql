create function fn.delete_response_parts(_account_id uuid, _ids uuid[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from public.message_state as m where m.account_id = _account_id and m.response_id = any (_ids);
    delete from public.response_edit as e where e.account_id = _account_id and e.response_id = any (_ids);
    delete from public.passage as p where p.account_id = _account_id and p.response_id = any (_ids);
end;
$$;

comment on function fn.delete_response_parts is
'Of responses that are deleted, or of which merges hold only the count: deletes what was stored beside them, their triage, edits
and passages.';
