-- Called by app as account.
create function fn.create_destination(
    _account_id uuid, _project_id uuid, _id uuid, _name text, _type text, _url text, _recipient text, _secret bytea,
    _events text[], _widget_ids uuid[] default '{}', _patterns text[] default '{}', _options text[] default '{}',
    _has_text boolean default false, _pace text default 'each', _hour integer default 9, _now timestamptz default now(),
    _sentiments text[] default '{}', _quiet_from integer default null, _quiet_until integer default null,
    _languages text[] default '{}'
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _destination public.destination;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    -- Before they become smallints.
    if not (_hour between 0 and 23 and coalesce(_quiet_from, 0) between 0 and 23 and coalesce(_quiet_until, 0) between 0 and 23) then
        raise exception 'Hours must be from 0 to 23.' using errcode = 'FB422';
    end if;
    -- Two at once could both be the twentieth.
    perform from public.project as p where p.account_id = _account_id and p.id = _project_id for no key update;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    if 20 <= (
        select count(*) from public.destination as d where d.account_id = _account_id and d.project_id = _project_id
    ) then
        raise exception 'A project can have at most 20 destinations.' using errcode = 'FB422', hint = 'Delete one first.';
    end if;
    _destination := row(
        _account_id, _id, _project_id, trim(_name), _type, case when _type not in ('email', 'apprise') then _url end, null, _events,
        coalesce(_widget_ids, '{}'), coalesce(_patterns, '{}'), coalesce(_options, '{}'), coalesce(_has_text, false), _pace,
        _hour, case when _type in ('webhook', 'apprise') then _secret end, null, null, _now, null, false, 0, null, null, null, null,
        coalesce(_sentiments, '{}'), _quiet_from, _quiet_until, null,
        coalesce(_languages, '{}')
    );
    perform fn.check_destination(_account_id, _project_id, _destination);
    if _type = 'email' then
        _destination.recipient_id := fn.member_id(_account_id, _recipient);
    end if;
    insert into public.destination values ((_destination).*);
    perform fn.add_audit_entry(
        _account_id, 'destination.created', _destination.name,
        jsonb_build_object('type', _type, 'events', _events, 'recipient', case when _type = 'email' then _recipient end)
    );
end;
$$;

comment on function fn.create_destination is
'Creates a destination: a webhook with a URL and an encrypted secret, a chat service with a URL, one of Apprise with an encrypted URL
as its secret, or the email address of a member. FB422 for a setting that is not
valid, or a twenty-first; FB404, FB403.';
