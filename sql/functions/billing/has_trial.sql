-- Called by panel as installation.
create function fn.has_trial(_account_id uuid, _person_id uuid) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return not exists (
        select 1 from public.trial as t
        where (t.kind, t.hash) in (
            ('account', sha256(convert_to(_account_id::text, 'UTF8'))), ('person', sha256(convert_to(_person_id::text, 'UTF8')))
        )
    ) and not exists (
        select 1 from public.customer_subscription as s
        where s.account_id = _account_id and s.status not in ('incomplete', 'incomplete_expired')
    );
end;
$$;

comment on function fn.has_trial is
'Whether a first subscription of an account begins with a trial: neither the account nor the person has had one, nor the account any
subscription.';
