-- Called by jobs as installation.
create function fn.finish_messages(_now timestamptz) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.message_roll set gathered_at = _now;
end;
$$;

comment on function fn.finish_messages is
'Has fn.ungathered_messages look at later responses only, once the messages until _now are gathered for all accounts.';
