create function fn.show_merge(_account_id uuid, _project_id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    while fn.roll_up_tallies(_account_id, 100000) > 0 loop
    end loop;
    perform fn.close_changed_periods(_account_id);
    perform fn.cut_windows(_account_id, array[_project_id]);
end;
$$;

comment on function fn.show_merge is
'Rolls up what a small merge has moved, so that windows and periods show it at once. The caller holds the lock of the roll-up.';
