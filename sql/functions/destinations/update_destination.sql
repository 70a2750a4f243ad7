-- Called by app as account.
create function fn.update_destination(
    _account_id uuid, _project_id uuid, _id uuid, _name text, _url text, _recipient text, _events text[],
    _widget_ids uuid[], _patterns text[], _options text[], _has_text boolean, _pace text, _hour integer,
    _is_enabled boolean, _now timestamptz default now(), _sentiments text[] default null, _quiet_from integer default null,
    _quiet_until integer default null, _has_quiet_hours boolean default null,
    _languages text[] default null, _secret bytea default null
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _old public.destination;
    _new public.destination;
    _zone text;
    _next_at timestamptz;
    _after timestamptz;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    -- Before they become smallints.
    if not (
        coalesce(_hour, 0) between 0 and 23 and coalesce(_quiet_from, 0) between 0 and 23
        and coalesce(_quiet_until, 0) between 0 and 23
    ) then
        raise exception 'Hours must be from 0 to 23.' using errcode = 'FB422';
    end if;
    _old := fn.destination_for_update(_account_id, _project_id, _id);
    _new := _old;
    _new.name := coalesce(trim(_name), _old.name);
    _new.url := case when _old.type not in ('email', 'apprise') then coalesce(_url, _old.url) end;
    if _old.type = 'apprise' then
        _new.secret := coalesce(_secret, _old.secret);
    end if;
    _new.events := coalesce(_events, _old.events);
    _new.widget_ids := coalesce(_widget_ids, _old.widget_ids);
    _new.patterns := coalesce(_patterns, _old.patterns);
    _new.options := coalesce(_options, _old.options);
    _new.has_text := coalesce(_has_text, _old.has_text);
    _new.pace := coalesce(_pace, _old.pace);
    _new.hour := coalesce(_hour, _old.hour);
    _new.sentiments := coalesce(_sentiments, _old.sentiments);
    _new.languages := coalesce(_languages, _old.languages, '{}');
    if _has_quiet_hours is false then
        _new.quiet_from := null;
        _new.quiet_until := null;
    else
        _new.quiet_from := coalesce(_quiet_from, _old.quiet_from);
        _new.quiet_until := coalesce(_quiet_until, _old.quiet_until);
    end if;
    if _old.type = 'email' and _recipient is not null then
        _new.recipient_id := fn.member_id(_account_id, _recipient);
    end if;
    if _is_enabled is false then
        _new.disabled_at := coalesce(_old.disabled_at, _now);
    elsif _is_enabled then
        _new.disabled_at := null;
        _new.is_ended := false;
    end if;
    perform fn.check_destination(_account_id, _project_id, _new);
    if _new is not distinct from _old then
        return;
    end if;
    -- Another address, or one that works again, is tried at once.
    if (_new.url, _new.secret) is distinct from (_old.url, _old.secret) or _old.disabled_at is not null and _new.disabled_at is null then
        _new.failures := 0;
        _new.failing_since := null;
        _new.retry_at := null;
        _new.paused_at := null;
    end if;
    update public.destination as d
    set name = _new.name, url = _new.url, secret = _new.secret, recipient_id = _new.recipient_id, events = _new.events,
        widget_ids = _new.widget_ids, patterns = _new.patterns, options = _new.options, has_text = _new.has_text,
        pace = _new.pace, hour = _new.hour, disabled_at = _new.disabled_at, is_ended = _new.is_ended,
        failures = _new.failures, failing_since = _new.failing_since, retry_at = _new.retry_at,
        paused_at = _new.paused_at, sentiments = _new.sentiments, quiet_from = _new.quiet_from, quiet_until = _new.quiet_until,
        languages = _new.languages
    where d.account_id = _account_id and d.id = _id;
    select p.time_zone into _zone from public.project as p where p.account_id = _account_id and p.id = _project_id;
    if _new.pace <> _old.pace then
        -- What waits in a digest comes no later than the new pace has it, and stays one.
        _next_at := fn.delivery_at(_new, _zone, _now);
        update public.delivery as v set next_at = least(v.next_at, _next_at)
        where v.account_id = _account_id and v.destination_id = _id and v.done_at is null and v.attempts = 0;
    end if;
    if (_new.quiet_from, _new.quiet_until) is distinct from (_old.quiet_from, _old.quiet_until) then
        for _next_at in
            select distinct greatest(v.next_at, _now) from public.delivery as v
            where v.account_id = _account_id and v.destination_id = _id and v.done_at is null
        loop
            _after := fn.after_quiet_hours(_new, _zone, _next_at);
            update public.delivery as v set next_at = _after
            where v.account_id = _account_id and v.destination_id = _id and v.done_at is null
                and greatest(v.next_at, _now) = _next_at and v.next_at <> _after;
        end loop;
    end if;
    perform fn.schedule_destination(_account_id, _id, _now);
    perform fn.add_audit_entry(
        _account_id, 'destination.updated', _new.name,
        jsonb_build_object(
            'enabled', case when (_new.disabled_at is null) <> (_old.disabled_at is null) then _new.disabled_at is null end,
            'url', case when (_new.url, _new.secret) is distinct from (_old.url, _old.secret) then 'changed' end,
            'events', case when _new.events <> _old.events then _new.events end,
            'pace', case when _new.pace <> _old.pace then _new.pace end
        )
    );
end;
$$;

comment on function fn.update_destination is
'Changes the settings of a destination that are not null (the _secret is the encrypted URL of one of Apprise), and removes its quiet hours where _has_quiet_hours is false; enabling it tries at once what waits. FB422, FB404, FB403.';
