create function fn.release_member(_account_id uuid, _person_id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Foreign keys would do it, but on Citus, which knows no such keys.
    update public.triage as t set assignee_id = null where t.account_id = _account_id and t.assignee_id = _person_id;
    update public.note as n set person_id = null where n.account_id = _account_id and n.person_id = _person_id;
    update public.reply as r set person_id = null where r.account_id = _account_id and r.person_id = _person_id;
end;
$$;

comment on function fn.release_member is
'Takes a member, who is about to be deleted, from the messages assigned to them and from their notes and replies.';
