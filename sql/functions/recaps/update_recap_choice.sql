-- Called by app as account.
create function fn.update_recap_choice(
    _account_id uuid, _person_id uuid, _slug text, _weekly boolean, _monthly boolean, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer');
    insert into public.recap_choice as c (account_id, project_id, person_id, weekly, monthly, chosen_at)
    select p.account_id, p.id, m.person_id, _weekly, _monthly, _now
    from public.project as p
    join public.member as m on m.account_id = p.account_id and m.person_id = _person_id
    where p.account_id = _account_id and p.slug = _slug
    on conflict (account_id, project_id, person_id) do update set
        weekly = excluded.weekly, monthly = excluded.monthly, chosen_at = excluded.chosen_at;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
end;
$$;

comment on function fn.update_recap_choice is
'Updates a member''s choice of recaps of a project: weekly, monthly, both or none. FB404.';
