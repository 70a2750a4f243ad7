create function fn.labelled_fields(_fields jsonb, _declared jsonb) returns json
language sql immutable parallel safe
return case when _fields is not null then (
    select json_object_agg(
        case when l.label is null then f.name when l.is_unique then l.label else format('%s (%s)', l.label, f.name) end,
        f.value order by l.no nulls last, f.name
    )
    from jsonb_each(_fields) as f (name, value)
    left join (
        select d.no, d.field ->> 'name' as name, nullif(d.field ->> 'label', '') as label,
            count(*) over (partition by d.field ->> 'label') = 1 as is_unique
        from jsonb_array_elements(_declared) with ordinality as d (field, no)
    ) as l on l.name = f.name
) end;

comment on function fn.labelled_fields is
'The fields of a form by their labels, as its widget declares them and in that order; by their names where there is no label.';
