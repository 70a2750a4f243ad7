create function fn.add_response_tallies(
    _account_ids uuid[], _placement_ids uuid[], _option_nos smallint[], _days date[], _deltas integer[], _reasons text[]
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _none text;
begin
    perform fn.add_tallies(_account_ids, _placement_ids, _option_nos, _days, _deltas);
    select fn.add_reason_tallies(
        array_agg(d.account_id), array_agg(d.placement_id), array_agg(r.no), array_agg(d.day), array_agg(d.n)
    )
    into _none
    from unnest(_account_ids, _placement_ids, _days, _deltas, _reasons) as d (account_id, placement_id, day, n, reasons)
    cross join lateral unnest(d.reasons::smallint[]) as r (no)
    where d.reasons is not null
    having count(*) > 0;
end;
$$;

comment on function fn.add_response_tallies is
'Adds each delta to the tallies of an option (fn.add_tallies) and of the reasons beside it ({1,3}; null for none).';
