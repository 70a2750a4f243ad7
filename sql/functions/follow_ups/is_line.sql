create function fn.is_line(_value jsonb, _most integer) returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
select jsonb_typeof(_value) = 'string' and char_length(btrim(_value #>> '{}')) between 1 and _most and _value #>> '{}' !~ '[[:cntrl:]]'
$$;

comment on function fn.is_line is 'Whether a value is a text of 1 to that many characters, on one line. Null for null.';
