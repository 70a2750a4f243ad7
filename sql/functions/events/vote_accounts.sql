-- Called by jobs as installation.
create function fn.vote_accounts(_now timestamptz) returns table (account_id uuid, minutes jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _from timestamptz;
    _until constant timestamptz := fn.votes_until(_now);
begin
    -- Read in the future: the clock was wrong.
    select case when r.votes_until > _now + interval '5 minutes' then _until else least(r.votes_until, _until) end
    into _from from public.roll_up as r;
    return query
    select a.account_id, jsonb_build_object('from', _from, 'until', _until)
    from (
        select d.account_id from public.destination as d
        where d.disabled_at is null and 'response.created' = any (d.events) and _from < _until
        union
        select l.account_id from public.late_response as l
    ) as a;
end;
$$;

comment on function fn.vote_accounts is
'Accounts of whose votes fn.emit_votes is to make events, and of which minutes: those since the last time that are over.';
