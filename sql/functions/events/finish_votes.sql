-- Called by jobs as installation.
create function fn.finish_votes(_now timestamptz, _is_whole boolean) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _until constant timestamptz := fn.votes_until(_now);
begin
    update public.roll_up as r
    set votes_until = case
        when r.votes_until > _now + interval '5 minutes' then _until
        when _is_whole then greatest(r.votes_until, _until)
        else greatest(r.votes_until, _until - interval '1 hour')
    end;
end;
$$;

comment on function fn.finish_votes is
'Has fn.vote_accounts go on with the minutes from _now on, once those before were emitted: for all accounts, if _is_whole. Otherwise
it goes back an hour at most, so that a fault of one account does not make the minutes of all more and more.';
