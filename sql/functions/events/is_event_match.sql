create function fn.is_event_match(_destination public.destination, _event public.event) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _placement_id uuid := (_event.data ->> 'placementId')::uuid;
    _option_nos smallint[];
    _language text;
    _is_about_a_widget boolean := _event.response_id is not null or _placement_id is not null;
begin
    if _event.type <> all (_destination.events) then
        return false;
    end if;
    if not _is_about_a_widget then
        return true;
    end if;
    if _event.response_id is not null then
        select f.placement_id, array[f.option_no], f.context ->> '$language' into _placement_id, _option_nos, _language
        from public.response as f where f.account_id = _event.account_id and f.id = _event.response_id;
    else
        _option_nos := case when _event.data ? 'counts' then array(
            select k::smallint from jsonb_object_keys(_event.data -> 'counts') as k
        ) end;
    end if;
    if (_destination.has_text or _destination.languages <> '{}') and _event.type = 'response.created' then
        return false;
    end if;
    if _destination.languages <> '{}' and _event.response_id is not null
        and coalesce(_language <> all (_destination.languages), true) then
        return false;
    end if;
    return exists (
        select 1 from public.placement as c
        join public.page as g on g.account_id = c.account_id and g.id = c.page_id
        where c.account_id = _event.account_id and c.id = _placement_id
            and (_destination.widget_ids = '{}' or c.widget_id = any (_destination.widget_ids))
            and (_destination.patterns = '{}' or fn.is_release_of(_destination.patterns, array[g.key]))
            and (_destination.options = '{}' or _option_nos is null or exists (
                select 1 from public.option as o
                where o.account_id = _event.account_id and o.widget_id = c.widget_id and o.no = any (_option_nos)
                    and o.value = any (_destination.options)
            ))
            and (_destination.sentiments = '{}' or _option_nos is null or exists (
                select 1 from fn.scored_option as o
                where o.account_id = _event.account_id and o.widget_id = c.widget_id and o.no = any (_option_nos)
                    and (array['unhappy', 'neutral', 'happy'])[sign(o.weight)::integer + 2] = any (_destination.sentiments)
            ))
    );
end;
$$;

comment on function fn.is_event_match is
'Whether a destination takes an event: by its type, and by the filter where it is about a widget. An event whose response was deleted
matches none.';
