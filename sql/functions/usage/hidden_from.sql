create function fn.hidden_from(_account_id uuid, _now timestamptz default now()) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        (
            select u.full_at from public.usage as u
            where u.account_id = _account_id and u.month = date_trunc('month', _now at time zone 'UTC')::date
        ),
        'infinity'
    );
end;
$$;

comment on function fn.hidden_from is
'Since when an account''s messages are hidden: the plan''s responses of this month were used up then. Hidden messages are stored
and counted, but body, fields and sender are not shown until the next month or a larger plan. Every reader of messages calls
this once and masks those with created_at at or after it.';
