-- Called by app as installation.
create function fn.cancel_person_deletion(_session_hash bytea, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.person as p set deletion_at = null, deletion_notified_at = null
    where p.id = fn.session_person(_session_hash, _now);
end;
$$;

comment on function fn.cancel_person_deletion is 'Cancels the deletion of the signed-in person.';
