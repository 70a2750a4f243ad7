-- Called by jobs as installation.
create function fn.release_export(_account_id uuid, _id uuid, _claim uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.export as e set claimed_until = null
    where e.account_id = _account_id and e.id = _id and e.claim = _claim and e.done_at is null;
    if found then
        perform pg_notify('export', '');
    end if;
end;
$$;

comment on function fn.release_export is 'Releases an export for another worker.';
