-- Called by jobs as installation.
create function fn.finish_gathering(_now timestamptz, _is_whole boolean) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.roll_up as r
    set gathered_at = case
        when _is_whole then _now
        when r.gathered_at = '-infinity' then r.gathered_at
        when r.gathered_at > _now then _now - interval '1 hour'
        else greatest(r.gathered_at, _now - interval '1 hour')
    end;
end;
$$;

comment on function fn.finish_gathering is
'Has fn.new_tallies look at later responses only, once those until _now are gathered: for all
accounts, if _is_whole. Otherwise it looks back an hour at most: what an account with a fault misses by then, fn.reconcile adds.';
