-- Owners, row-level security and grants: run after everything else, for the tables that exist and from fn.callable.
-- A function, because a policy on Citus may name neither session_user nor a sub-select. Immutable, because a connection keeps
-- the user that it signed in as (only a superuser can change that): the planner calls it once and is left with the rule of the
-- account alone, which it then checks once a statement instead of for each row.
create or replace function public.is_operator() returns boolean
language sql immutable parallel safe
return pg_has_role(session_user, 'feelback_owner', 'member');

comment on function public.is_operator is 'Whether the session signed in as the owner of the database, as the command line does.';

-- A function, because a policy on Citus may have no sub-select. The account is a variable: Citus sends the query to its node.
create or replace function public.is_member(_person_id uuid) returns boolean
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    _account_id uuid := nullif(current_setting('feelback.account_id', true), '')::uuid;
begin
    return exists (
        select 1 from public.member as m where m.account_id = _account_id and m.person_id = _person_id
    );
end;
$$;

comment on function public.is_member is 'Whether a person is a member of the account that this transaction acts for.';

do $$
declare
    _table record;
    _function record;
    _policy record;
    _tables text;
    _until timestamptz;
    -- Plain expressions of settings, no sub-select: an index on the account serves them, and Citus takes them. A rule for the
    -- project is part of the same policy, because Citus makes restrictive policies permissive on its shards.
    _actor constant text := '%I = nullif(current_setting(''feelback.account_id'', true), '''')::uuid';
    _project constant text := ' and coalesce(coalesce(%I, ''00000000-0000-0000-0000-000000000000'')'
        ' = nullif(current_setting(''feelback.project_id'', true), '''')::uuid, true)';
begin
    -- Whoever may create an object can give it the name of one that a function of another role uses. Databases from before
    -- Postgres 15 let everyone. See also app/database/roles.py, which revokes temporary objects.
    revoke create on schema public from public;
    grant create on schema fn, public, mv to feelback_owner, feelback_panel;
    grant usage on schema fn to feelback_owner, feelback_panel, feelback_app, feelback_ingest, feelback_jobs;
    grant usage on schema mv to feelback_owner;
    alter function public.is_operator() owner to feelback_owner;
    alter function public.is_member(uuid) owner to feelback_owner;

    for _table in
        select c.oid, c.oid::regclass as name, c.relname, c.relkind, c.relispartition, c.relrowsecurity, c.relforcerowsecurity,
            pg_catalog.pg_get_userbyid(c.relowner) as owner,
            (
                select a.attname from pg_catalog.pg_attribute as a
                where a.attrelid = c.oid and a.attname = case c.relname when 'account' then 'id' else 'account_id' end
                    and c.relname <> 'person'
            ) as tenant,
            (
                select a.attname from pg_catalog.pg_attribute as a
                where a.attrelid = c.oid and a.attname = case c.relname when 'project' then 'id' else 'project_id' end
                    and c.relname <> 'account'
            ) as project
        from pg_catalog.pg_class as c
        where c.relnamespace in ('public'::regnamespace, 'mv'::regnamespace) and c.relkind in ('r', 'p', 'm')
            and c.relname !~ '^(_?yoyo|schema_(digest|version)$)'
    loop
        if _table.owner <> 'feelback_owner' then
            execute format('alter table %s owner to feelback_owner', _table.name);
        end if;
        continue when _table.relkind = 'm' or _table.tenant is null and _table.relname <> 'person';
        if not (_table.relrowsecurity and _table.relforcerowsecurity) then
            execute format('alter table %1$s enable row level security, force row level security', _table.name);
        end if;
        -- A policy's name ends with the digest of its rule, so that an unchanged one is left alone. Those called wall_ are of
        -- versions before 0080.
        for _policy in
            with rule as (
                select p.roles, p.rule,
                    'tenant_' || case p.roles when 'feelback_owner' then 'owner' else left(md5(p::text), 12) end as name
                from (values
                    ('feelback_owner', 'true'),
                    (
                        'feelback_panel, feelback_app',
                        case
                            when _table.relispartition then null
                            when _table.relname = 'person'
                                then 'public.is_member(id)'
                            else format(_actor, _table.tenant)
                                || case when _table.project is null then '' else format(_project, _table.project) end
                        end
                    ),
                    ('feelback_panel', case when not _table.relispartition then 'public.is_operator()' end)
                ) as p (roles, rule)
                where p.rule is not null
            ), policy as (
                select polname as name from pg_catalog.pg_policy
                where polrelid = _table.oid and polname ~ '^(tenant|wall)_'
            )
            select
                coalesce(r.name, p.name) as name, r.roles, r.rule, r.name is null as is_old
            from rule as r
            full join policy as p on p.name = r.name
            where r.name is null or p.name is null
        loop
            -- All tables at once, in a moment when nobody uses any. One after the other there would be a deadlock with
            -- statements that use several, each time anew while responses keep coming.
            if _tables is null then
                select string_agg(c.oid::regclass::text, ', '), clock_timestamp() + interval '5 seconds'
                into _tables, _until
                from pg_catalog.pg_class as c
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                    and c.relname !~ '^(_?yoyo|schema_(digest|version)$)';
                while clock_timestamp() < _until loop
                    begin
                        execute format('lock table %s in access exclusive mode nowait', _tables);
                        exit;
                    exception when lock_not_available then
                        perform pg_sleep(0.005);
                    end;
                end loop;
            end if;
            if _policy.is_old then
                execute format('drop policy %I on %s', _policy.name, _table.name);
            else
                execute format(
                    'create policy %I on %s to %s using (%s) with check (%s)',
                    _policy.name, _table.name, _policy.roles, _policy.rule, _policy.rule
                );
            end if;
        end loop;
        if _table.relname = 'person' then
            grant select (id, email, created_at, verified_at) on public.person to feelback_panel;
        elsif not _table.relispartition then
            execute format('grant select on %s to feelback_app', _table.name);
            execute format(
                'grant %s on %s to feelback_panel',
                -- Nobody changes or deletes audit entries.
                case _table.relname when 'audit' then 'select, insert' else 'select, insert, update, delete' end, _table.name
            );
        end if;
    end loop;
    grant select, insert, update, delete on public.job_run to feelback_jobs;

    for _function in
        select p.oid::regprocedure as signature, p.proname, p.prokind,
            coalesce(bool_or(c.acts_as = 'account'), false) as is_account,
            coalesce(bool_or(c.acts_as = 'installation'), false) as is_installation,
            coalesce(bool_or(c.acts_as = 'server'), false) as is_server,
            string_agg(distinct regexp_replace('feelback_app', 'app$', c.caller), ', ') as callers
        from pg_catalog.pg_proc as p
        left join fn.callable as c on c.name = p.proname
        where p.pronamespace = 'fn'::regnamespace
        group by p.oid, p.proname, p.prokind
    loop
        execute format('revoke all on routine %s from public', _function.signature);
        if _function.is_account then
            execute format('alter routine %s owner to feelback_panel', _function.signature);
            execute format('alter routine %s security definer', _function.signature);
        elsif _function.is_installation then
            execute format('alter routine %s owner to feelback_owner', _function.signature);
            execute format('alter routine %s security definer', _function.signature);
        end if;
        if _function.is_server then
            execute format('alter routine %s security definer', _function.signature);
        end if;
        if _function.callers is not null then
            execute format('grant execute on routine %s to %s', _function.signature, _function.callers);
        end if;
        if not _function.is_installation then
            execute format('grant execute on routine %s to feelback_owner, feelback_panel', _function.signature);
        else
            execute format('grant execute on routine %s to feelback_owner', _function.signature);
        end if;
    end loop;
    if exists (
        select 1 from fn.callable as c
        where not exists (
            select 1 from pg_catalog.pg_proc as p where p.pronamespace = 'fn'::regnamespace and p.proname = c.name
        )
    ) then
        raise exception 'fn.callable names a function that does not exist.';
    end if;
    grant select on all tables in schema fn to feelback_owner, feelback_panel;
    grant select on fn.job, fn.account_job to feelback_jobs;
    revoke select on fn.callable from feelback_panel;
    -- These views read with the owner's rights; feelback_insights may read them and nothing else.
    for _table in
        select c.oid::regclass as name from pg_catalog.pg_class as c
        where c.relnamespace = (select n.oid from pg_catalog.pg_namespace as n where n.nspname = 'insights')
    loop
        grant usage, create on schema insights to feelback_owner;
        execute format('alter view %s owner to feelback_owner', _table.name);
        revoke create on schema insights from feelback_owner;
        grant usage on schema insights to feelback_insights;
        execute format('grant select on %s to feelback_insights', _table.name);
    end loop;
    -- feelback_owner keeps the right to create in public: it creates the partitions of response.
    revoke create on schema fn, public, mv from feelback_panel;
    revoke create on schema fn, mv from feelback_owner;
end;
$$;
