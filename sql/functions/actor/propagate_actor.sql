-- Called by app, jobs, owner as caller.
create function fn.propagate_actor(_account_id text, _person_id text, _api_key_id text, _project_id text) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _setting record;
begin
    -- Citus passes on SET LOCAL, and no set_config. Inside a function, because pg_stat_statements counts each text of a SET as a
    -- statement of its own before Postgres 18, but by default only those that a client sends.
    for _setting in
        select s.name, s.value
        from unnest(
            array['account_id', 'person_id', 'api_key_id', 'project_id'],
            array[_account_id, _person_id, _api_key_id, _project_id]
        ) as s (name, value)
    loop
        execute format('set local feelback.%I = %L', _setting.name, _setting.value);
    end loop;
    return true;
end;
$$;

comment on function fn.propagate_actor is
'Sets for whom this transaction acts (see TenantPool) on each node that it uses, where citus.propagate_set_commands is local.';
