-- Called by app as account.
create function fn.create_named_project(
    _account_id uuid, _name text, _slug text, _time_zone text default 'UTC', _origins text[] default '{}',
    _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _free text := _slug;
begin
    perform fn.allow(_account_id, 'admin');
    if exists (
        select 1 from public.project as p where p.account_id = _account_id and lower(p.name) = lower(trim(_name))
    ) then
        raise exception 'You already have a project named %.', left(trim(_name), 200)
            using errcode = 'FB409', hint = 'Choose another name.';
    end if;
    for _n in 2..1000 loop
        exit when not exists (select 1 from public.project as p where p.account_id = _account_id and p.slug = _free);
        _free := rtrim(left(_slug, 63 - char_length('-' || _n)), '-') || '-' || _n;
    end loop;
    return fn.create_project(_account_id, _name, _free, _time_zone, _origins, _now);
end;
$$;

comment on function fn.create_named_project is
'Creates a project under its slug, or, where that is in use, with -2, -3 … after it. FB409 for a name in
use, whose second request is usually a form sent twice; else as fn.create_project.';
