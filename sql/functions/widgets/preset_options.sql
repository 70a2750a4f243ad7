create function fn.preset_options(_type text, _preset text default null) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text := coalesce(_preset, case _type
        when 'reaction' then 'feeling' when 'rating' then 'stars' when 'tagged' then 'feedback' else _type
    end);
    _options jsonb;
begin
    select jsonb_agg(
        jsonb_build_object('value', p.value, 'label', p.label, 'icon', p.icon, 'weight', p.weight) order by p.position
    )
    into _options
    from fn.preset as p
    where p.name = _name
        and (p.type = _type or (_type = 'tagged' and p.type in ('reaction', 'updown')));
    if _options is null then
        raise exception 'There is no preset % for the type %.', _name, _type using errcode = 'FB422',
            hint = (
                select 'Presets of this type: ' || string_agg(distinct p.name, ', ') || '.'
                from fn.preset as p where p.type = _type
            );
    end if;
    return _options;
end;
$$;

comment on function fn.preset_options is
'Options of a preset (fn.preset), or of a type''s default one. A tagged widget may use presets of reactions and votes too.';
