create function fn.hidden_from(_account_id uuid, _now timestamptz default now()) returns timestamptz
language plpgsql stable
set search_path = ''
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
'From when on an account''s messages are hidden: the plan''s responses of this month were used up then. They are kept and
counted, but what is in them (body, fields, sender) is told to nobody until the next month or a larger plan. Whatever reads
messages asks this once and tells of those whose created_at is not before it no more than that they are there.';
