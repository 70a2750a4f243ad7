-- Called by app as installation.
create function fn.confirm_recap_recipient(_token_hash bytea, _now timestamptz default now()) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _account_id uuid := fn.directory_account('recap_recipient', _token_hash);
begin
    update public.recap_recipient as r
    set confirmed_at = _now, token_hash = null
    where r.account_id = _account_id and r.token_hash = _token_hash and r.confirmed_at is null
        and r.requested_at > _now - interval '7 days';
    return found;
end;
$$;

comment on function fn.confirm_recap_recipient is
'Confirms a recap recipient by the mailed link; false for an invalid or expired one.';
