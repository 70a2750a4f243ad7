-- Called by jobs as installation.
create function fn.reconcile_slice(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
begin
    return (
        select sum(r.differed)
        from fn.reconcile((extract(epoch from _now)::bigint / 900 % 96)::integer, 96, _now) as r
    );
end;
$$;

comment on function fn.reconcile_slice is
'The scheduled reconcile: each quarter of an hour has its slice, so that everything is compared once a day.';
