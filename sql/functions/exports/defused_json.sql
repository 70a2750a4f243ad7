create function fn.defused_json(_value jsonb, _is_csv boolean) returns json
language sql immutable parallel safe
return case when _is_csv then replace(_value::text, ';', '\u003b')::json else _value::json end;

comment on function fn.defused_json is
'A value as JSON for a CSV cell, with semicolons escaped, at which some spreadsheets separate cells; the value is the same.';
