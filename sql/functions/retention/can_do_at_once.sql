create function fn.can_do_at_once(_account_id uuid, _most bigint) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- On Citus jobs must not change rows that the account has changed or locked in the same transaction.
    return not fn.is_distributed() and (
        select coalesce(sum(t.count), 0) <= _most from public.tally as t where t.account_id = _account_id
    );
end;
$$;

comment on function fn.can_do_at_once is
'Whether what concerns all responses of an account is done while somebody waits: it has counted at most _most of them, so that they can
be scanned, and the database is one server. Otherwise a job does it.';
