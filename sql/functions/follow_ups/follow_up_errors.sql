create function fn.follow_up_errors(_has_text boolean, _values text[], _follow_ups jsonb)
returns table (field text, message text, most integer)
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with item as (
        select u.n - 1 as n, u.value, row_number() over (partition by u.value ->> 'option' order by u.n) as namesakes,
            case when jsonb_typeof(u.value -> 'reasons') = 'array' then u.value -> 'reasons' else '[]' end as reasons
        from jsonb_array_elements(_follow_ups) with ordinality as u (value, n)
    ), reason as (
        select i.n, r.n - 1 as m, r.value,
            row_number() over (partition by i.n, r.value ->> 'value' order by r.n) as namesakes
        from item as i
        cross join jsonb_array_elements(i.reasons) with ordinality as r (value, n)
    ), error as (
        select i.n, -1 as m, e.field, e.message, e.most
        from item as i
        cross join lateral (values
            ('', jsonb_typeof(i.value) <> 'object', 'must be an object.', null),
            (
                '.option', (i.value ->> 'option' = any (_values)) is not true,
                'must be an option of this widget: it has no option ' || coalesce(left(i.value ->> 'option', 100), 'without a value') || '.',
                null
            ),
            ('.option', i.namesakes > 1, 'must differ from those of the other follow-ups.', 1),
            (
                '.question', fn.is_line(i.value -> 'question', 200) is not true, 'must have 1 to 200 characters, on one line.',
                200
            ),
            (
                '.thanks', not fn.is_line(nullif(i.value -> 'thanks', 'null'), 200),
                'must have 1 to 200 characters, on one line.', 200
            ),
            ('.multiple', jsonb_typeof(i.value -> 'multiple') <> 'boolean', 'must be true or false.', null),
            ('.message', jsonb_typeof(i.value -> 'message') <> 'boolean', 'must be true or false.', null),
            (
                '.message', _has_text and i.value -> 'message' = 'true',
                'must be false: this widget takes a message with its value.', null
            ),
            ('.contact', jsonb_typeof(i.value -> 'contact') <> 'boolean', 'must be true or false.', null),
            ('.reasons', jsonb_typeof(i.value -> 'reasons') <> 'array', 'must be a list.', null),
            ('.reasons', jsonb_array_length(i.reasons) > 20, 'must be at most 20.', 20),
            (
                '.reasons', i.reasons = '[]' and coalesce(i.value -> 'message' <> 'true', true)
                    and coalesce(i.value -> 'contact' <> 'true', true),
                'must not be empty where neither a message nor a contact is asked for.', null
            )
        ) as e (field, is_wrong, message, most)
        where e.is_wrong
        union all
        select r.n, r.m, '.reasons[' || r.m || ']' || e.field, e.message, e.most
        from reason as r
        cross join lateral (values
            ('.value', fn.is_line(r.value -> 'value', 100) is not true, 'must have 1 to 100 characters, on one line.', 100),
            (
                '.label', not fn.is_line(nullif(nullif(r.value -> 'label', 'null'), '""'), 100),
                'must have at most 100 characters, on one line.', 100
            ),
            ('.value', r.namesakes > 1, 'must differ from the other reasons of the option.', 1)
        ) as e (field, is_wrong, message, most)
        where e.is_wrong
    )
    select 'followUps[' || e.n || ']' || e.field, e.message, e.most from error as e order by e.n, e.m;
end;
$$;

comment on function fn.follow_up_errors is
'What is wrong with a list of follow-ups for a widget with options of these values, by field, in their order, and the limit where
there is one. Part of fn.check_follow_ups.';
