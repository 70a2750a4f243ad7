create function fn.message_issue_id(_account_id uuid, _response_id uuid) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select i.id from public.triage as o
        join public.triage as t
            on t.account_id = o.account_id and (t.response_id = o.response_id or t.group_id = o.group_id)
        join public.issue as i on i.account_id = t.account_id and i.response_id = t.response_id
        where o.account_id = _account_id and o.response_id = _response_id
        -- Of a group whose messages had issues of their own before, the message's own, then the oldest.
        order by i.response_id <> _response_id, i.state = 'failed', i.id
        limit 1
    );
end;
$$;

comment on function fn.message_issue_id is 'The issue of a message, or of one that is the same; null without one.';
