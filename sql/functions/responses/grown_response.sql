create function fn.grown_response(
    _before public.response, _parts text[], _option_no smallint, _body text, _fields text, _reasons text[], _contact text,
    _language text
) returns public.response
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _after public.response := _before;
    _follow_up public.follow_up;
begin
    if 'value' = any (_parts) then
        _after.option_no := _option_no;
        if _after.option_no <> _before.option_no then
            _after.reason_nos := null;
        end if;
    end if;
    if 'words' = any (_parts) or 'message' = any (_parts) then
        _after.body := _body;
    end if;
    if 'words' = any (_parts) then
        _after.fields := _fields::jsonb;
    end if;
    if _before.body is null and _before.fields is null and (_after.body is not null or _after.fields is not null)
        and _language is not null and not coalesce(_before.context ? '$language', false) then
        _after.context := coalesce(_before.context, '{}') || jsonb_build_object('$language', _language);
    end if;
    if 'reasons' = any (_parts) then
        _after.reason_nos := fn.valid_reasons(_before.account_id, _before.widget_id, _after.option_no, _reasons);
    end if;
    if 'contact' = any (_parts) then
        _after.contact := _contact;
    end if;
    select * into _follow_up from public.follow_up as u
    where u.account_id = _before.account_id and u.widget_id = _before.widget_id and u.option_no = _after.option_no;
    if 'message' = any (_parts) and _body is not null and _follow_up.takes_message is not true then
        raise exception 'must be left out: this option takes none.' using errcode = 'FB422', column = 'message',
            detail = '{"limit": 0}';
    end if;
    if 'contact' = any (_parts) and _contact is not null and _follow_up.takes_contact is not true then
        raise exception 'must be left out: this option takes none.' using errcode = 'FB422', column = 'contact',
            detail = '{"limit": 0}';
    end if;
    return _after;
end;
$$;

comment on function fn.grown_response is
'A response after the changes of fn.grow_response, which stores them. FB422 with the column at fault and the limit in the detail.';
