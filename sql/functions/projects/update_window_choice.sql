-- Called by app as account.
create function fn.update_window_choice(_account_id uuid, _project_id uuid, _name text, _comparison text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    insert into public.window_choice as c (account_id, project_id, person_id, name, comparison)
    select m.account_id, _project_id, m.person_id, _name, _comparison
    from public.member as m
    where m.account_id = _account_id and m.person_id = nullif(current_setting('feelback.person_id', true), '')::uuid
    on conflict (account_id, project_id, person_id) do update
    set name = excluded.name, comparison = excluded.comparison
    where (c.name, c.comparison) <> (excluded.name, excluded.comparison);
end;
$$;

comment on function fn.update_window_choice is
'Remembers the window (fn.named_window) and comparison (fn.comparison_days, or none) that the actor chose in a project. FB404.';
