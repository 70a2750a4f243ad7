create function fn.create_content_set(
    _account_id uuid,
    _project_id uuid,
    _name text,
    _type text,
    _preset text default null,
    _options jsonb default null,
    _visitor_policy text default 'visitor',
    _edit_window interval default '1 hour',
    _fields jsonb default '[]',
    _is_open_form boolean default false,
    _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
    _id uuid := fn.uuid_v7(_now);
begin
    if char_length(trim(coalesce(_name, ''))) not between 1 and 200 then
        raise exception 'The name must have 1 to 200 characters.' using errcode = 'FB422';
    end if;
    if _type is null or _type not in (
        'pulse', 'updown', 'yesno', 'reaction', 'rating', 'nps', 'message', 'tagged', 'form'
    ) then
        raise exception 'There is no type %.', _type using errcode = 'FB422',
            hint = 'Use pulse, updown, yesno, reaction, rating, nps, message, tagged or form.';
    end if;
    if _visitor_policy is null or _visitor_policy not in ('visitor', 'address', 'open') then
        raise exception 'There is no visitor policy %.', _visitor_policy using errcode = 'FB422',
            hint = 'Use visitor, address or open.';
    end if;
    perform fn.check_form_fields(_type, _fields);

    insert into public.content_set (
        account_id, id, project_id, name, type, visitor_policy, edit_window, fields, is_open_form, created_at
    )
    values (
        _account_id, _id, _project_id, trim(_name), _type, _visitor_policy, _edit_window, _fields, _is_open_form, _now
    )
    on conflict (account_id, project_id, name) do nothing;
    if not found then
        raise exception 'The project already has a content set %.', trim(_name)
            using errcode = 'FB409', hint = 'Choose another name.';
    end if;
    perform fn.create_options(_account_id, _id, _type, coalesce(_options, fn.preset_options(_type, _preset)));
    return _id;
end;
$$;

comment on function fn.create_content_set is
'A new content set with the options given ([{value, label?, icon?, weight?}], in order), or those of a preset, or those
that its type has by default. An edit window of zero is never, null is for ever. FB422 names what is wrong.';
