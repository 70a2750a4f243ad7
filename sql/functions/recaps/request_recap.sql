-- Called by app as account.
create function fn.request_recap(
    _account_id uuid, _person_id uuid, _slug text, _unit text, _starts_on date, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _project_id uuid;
begin
    perform fn.allow(_account_id, 'viewer');
    _project_id := fn.recap_project(_account_id, _slug, _unit, _starts_on);
    perform fn.enqueue_mail(
        o.email, 'recap', jsonb_build_object('unit', _unit, 'starts_on', _starts_on, 'is_asked', true),
        fn.recap_consent(_account_id, _project_id, o.id), _now + interval '1 day', _now
    )
    from public.person as o where o.id = _person_id;
end;
$$;

comment on function fn.request_recap is
'Mails a member the recap of a closed week or month now, whatever their choice. FB404, FB422 for a period that is not closed.';
