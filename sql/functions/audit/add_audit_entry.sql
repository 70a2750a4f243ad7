create function fn.add_audit_entry(
    _account_id uuid, _what text, _about text, _details jsonb default '{}', _person_id uuid default null,
    _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _by_id uuid := coalesce(_person_id, nullif(current_setting('feelback.person_id', true), '')::uuid);
    _key_id uuid := nullif(current_setting('feelback.api_key_id', true), '')::uuid;
    _actor text;
begin
    if _by_id is not null then
        select p.email into _actor from public.person as p where p.id = _by_id;
    elsif _key_id is not null then
        select format('%s key …%s', k.scope, k.hint) into _actor
        from public.api_key as k where k.account_id = _account_id and k.id = _key_id;
    elsif pg_has_role(session_user, 'feelback_owner', 'member') then
        _actor := 'command line';
    else
        _actor := 'Feelback';
    end if;
    insert into public.audit (account_id, id, at, person_id, api_key_id, actor, what, about, details)
    values (
        _account_id, fn.uuid_v7(_now), _now, _by_id, case when _by_id is null then _key_id end,
        coalesce(_actor, 'somebody'), _what, left(coalesce(_about, ''), 300), jsonb_strip_nulls(coalesce(_details, '{}'))
    );
end;
$$;

comment on function fn.add_audit_entry is
'Adds an entry to an account''s audit log: _what as noun.verb in the past (project.created), _about by the name that people know
(never what a visitor wrote), _details such as {"from", "to"}. The actor is that of the transaction, otherwise _person_id. Every
function that changes settings, people or data calls it.';
