-- Called by app as account.
create function fn.recap_recipients(_account_id uuid, _project_id uuid)
returns table (id uuid, email text, weekly boolean, monthly boolean, state text, requested_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    return query
    select r.id, r.email, r.weekly, r.monthly,
        case
            when r.ended_at is not null then 'ended' when r.confirmed_at is not null then 'confirmed' else 'asked'
        end,
        r.requested_at
    from public.recap_recipient as r
    where r.account_id = _account_id and r.project_id = _project_id
    order by r.email
    limit 500;
end;
$$;

comment on function fn.recap_recipients is
'Recap recipients of a project outside the account: asked, confirmed or ended. FB404, FB403 below admin.';
