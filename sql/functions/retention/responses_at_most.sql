create function fn.responses_at_most(_account_id uuid, _most bigint) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select coalesce(sum(t.count), 0) <= _most from public.tally as t where t.account_id = _account_id
    );
end;
$$;

comment on function fn.responses_at_most is
'Whether an account has counted at most that many responses, so that they can be scanned while somebody waits.';
