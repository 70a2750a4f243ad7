create function fn.check_widget(_widget public.widget) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if char_length(coalesce(_widget.name, '')) not between 1 and 200 or _widget.name ~ '[[:cntrl:]]' then
        raise exception 'The name must have 1 to 200 characters, on one line.' using errcode = 'FB422';
    end if;
    if not exists (select 1 from fn.widget_type as w where w.name = _widget.type) then
        raise exception 'There is no type %.', left(_widget.type, 64) using errcode = 'FB422',
            hint = 'Use one of ' || (select string_agg(w.name, ', ' order by w.position) from fn.widget_type as w) || '.';
    end if;
    if _widget.visitor_policy is null or _widget.visitor_policy not in ('visitor', 'address', 'open') then
        raise exception 'There is no visitor policy %.', left(_widget.visitor_policy, 64) using errcode = 'FB422',
            hint = 'Use visitor, address or open.';
    end if;
    if _widget.edit_window not between '0' and '10 years' then
        raise exception 'The edit window must be 0 seconds to 10 years, or null for unlimited.' using errcode = 'FB422';
    end if;
    if _widget.is_open_form and _widget.type <> 'form' then
        raise exception 'Only a form can take further fields.' using errcode = 'FB422';
    end if;
    perform fn.check_form_fields(_widget.type, _widget.fields);
    perform fn.check_key_rules(_widget.key_rules);
    perform fn.check_design(_widget.appearance, _widget.texts);
end;
$$;

comment on function fn.check_widget is 'Validates settings of a widget; FB422 names the setting.';
