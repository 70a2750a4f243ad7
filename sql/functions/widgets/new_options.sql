create function fn.new_options(_type text, _options jsonb)
returns table (n bigint, value text, label text, icon text, weight double precision, aliases text[])
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    _count integer := jsonb_array_length(_options);
    _values text[] := array(select o ->> 'value' from jsonb_array_elements(_options) as o);
begin
    return query
    select
        e.n, e.o ->> 'value', coalesce(nullif(e.o ->> 'label', ''), e.o ->> 'value'), coalesce(e.o ->> 'icon', ''),
        coalesce((e.o ->> 'weight')::double precision, case
            when _type in ('updown', 'yesno') then case e.n when 1 then 1 else -1 end
            when _type = 'pulse' then 1
            when _type = 'rating' and _count > 1 then 2.0 * (e.n - 1) / (_count - 1) - 1
            when _type = 'nps' and e.o ->> 'value' ~ '^-?[0-9]{1,9}$' then
                case when (e.o ->> 'value')::integer >= 9 then 1 when (e.o ->> 'value')::integer <= 6 then -1 else 0 end
            else 0
        end),
        array(
            select a.alias
            from unnest(
                case
                    when jsonb_typeof(e.o -> 'aliases') = 'array'
                        then array(select * from jsonb_array_elements_text(e.o -> 'aliases'))
                    when _type in ('updown', 'yesno') and e.n = 1
                        then array['y', 'yes', 'up', 'like', '+1', '1', 'true']
                    when _type in ('updown', 'yesno') then array['n', 'no', 'down', 'dislike', '-1', '0', 'false']
                end
            ) as a (alias)
            -- What one option is called by name, another may not be called by alias.
            where a.alias <> all (_values)
        )
    from jsonb_array_elements(_options) with ordinality as e (o, n);
end;
$$;

comment on function fn.new_options is
'Options with defaults: the value as label; for votes, every spelling that the published SDKs send; weights of 1 and -1 for
votes, 1 for a pulse, evenly from -1 to 1 for ratings; for 0 to 10, 1 for 9 and 10 and -1 for 0
to 6; otherwise 0. An alias never equals another option''s value.';
