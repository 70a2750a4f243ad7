create function fn.check_plan(_account_id uuid, _what text, _more integer default 1) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _limit integer;
    _has bigint;
    _title text;
begin
    select case _what when 'projects' then p.projects when 'members' then p.members end, p.title into _limit, _title
    from fn.account_plan(_account_id) as p;
    if _limit is null then
        return;
    end if;
    -- Of two concurrent additions the second sees the first.
    perform pg_advisory_xact_lock(hashtext('fn.check_plan'), hashtext(_account_id::text));
    if _what = 'projects' then
        select count(*) into _has from public.project as p where p.account_id = _account_id;
    else
        select count(*) into _has from public.member as m where m.account_id = _account_id;
        _has := _has + (
            select count(*) from public.invitation as i where i.account_id = _account_id and i.expires_at > now()
        );
    end if;
    if _has + _more > _limit then
        raise exception 'The plan % has % %, and all are in use.',
            _title, _limit, case when _limit = 1 then rtrim(_what, 's') else _what end
            using errcode = 'FB402', hint = 'Choose a larger plan under Billing, or remove one first.';
    end if;
end;
$$;

comment on function fn.check_plan is
'Requires room in an account''s plan for _more projects or members; otherwise FB402. Invitations count as members.';
