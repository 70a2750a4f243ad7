create function fn.move_mentions(_before public.response, _after public.response) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _count integer := cardinality(_before.reason_nos);
    _nos smallint[] := coalesce(_before.reason_nos, '{}') || coalesce(_after.reason_nos, '{}');
    _deltas integer[];
begin
    if _before.counted_on is null then  -- a response of test mode has no count
        return;
    end if;
    if _after.option_no <> _before.option_no then
        perform fn.add_tallies(
            array_fill(_before.account_id, array[2]), array_fill(_before.placement_id, array[2]),
            array[_before.option_no, _after.option_no], array_fill(_before.counted_on, array[2]), array[-1, 1]
        );
    end if;
    if _after.reason_nos is distinct from _before.reason_nos then
        _deltas := array(select case when n <= coalesce(_count, 0) then -1 else 1 end from generate_series(1, cardinality(_nos)) as n);
        perform fn.add_reason_tallies(
            array_fill(_before.account_id, array[cardinality(_nos)]),
            array_fill(_before.placement_id, array[cardinality(_nos)]), _nos,
            array_fill(_before.counted_on, array[cardinality(_nos)]), _deltas
        );
    end if;
end;
$$;

comment on function fn.move_mentions is
'Moves the counts of a response that changed, of its option and of its reasons, on the day on which it counts. Part of
fn.grow_response.';
