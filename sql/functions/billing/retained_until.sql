create function fn.retained_until(_account_id uuid, _now timestamptz default now()) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select max(e.ends_at) from public.entitlement as e
        where e.account_id = _account_id and e.reason = 'retention' and e.ends_at > _now
    );
end;
$$;

comment on function fn.retained_until is
'Until when nothing is deleted that a lost plan of an account kept: the latest promise; null without one.';
