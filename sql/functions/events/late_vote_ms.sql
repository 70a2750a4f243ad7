create function fn.late_vote_ms(_now timestamptz) returns bigint
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return (extract(epoch from _now)::bigint - 30) / 60 * 60000;
end;
$$;

comment on function fn.late_vote_ms is
'The beginning, in milliseconds since 1970, of the minutes that are open for votes: a minute and thirty seconds, by when a transaction began.
fn.emit_votes waits for another thirty seconds, in which it has ended: a statement may take ten.';
