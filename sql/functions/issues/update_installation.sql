-- Called by app as installation.
create function fn.update_installation(_installation_id bigint, _is_deleted boolean, _now timestamptz default now())
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.tracker as t set revoked_at = case when _is_deleted then coalesce(t.revoked_at, _now) end
    where t.installation_id = _installation_id and (t.revoked_at is not null) <> _is_deleted;
    perform pg_notify('issue', '');
end;
$$;

comment on function fn.update_installation is
'Pauses the trackers of an installation of the GitHub App that was deleted. After any other change of it they are tried again.';
