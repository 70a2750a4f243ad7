-- Called by app as installation.
create function fn.consent_project(_account_id uuid, _project_id uuid, _to_id uuid)
returns table (slug text, name text, is_member boolean, has_consent boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.slug, p.name, exists (select 1 from public.member as m where m.account_id = _account_id and m.person_id = _to_id),
        exists (
            select 1 from fn.recap_audience as s
            where s.account_id = _account_id and s.project_id = _project_id and s.to_id = _to_id and (s.weekly or s.monthly)
        )
    from public.project as p where p.account_id = _account_id and p.id = _project_id;
end;
$$;

comment on function fn.consent_project is
'What an unsubscribe link ends: the project, whether the recipient is a member, and whether they still get recaps; no row where
the project was deleted.';
