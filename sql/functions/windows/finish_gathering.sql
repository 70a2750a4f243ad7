-- Called by jobs as installation.
create function fn.finish_gathering(_now timestamptz) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.roll_up set gathered_at = _now;
end;
$$;

comment on function fn.finish_gathering is
'Has fn.new_tallies look at later responses only, once those until _now are gathered for all accounts.';
