create function fn.judges(_type text) returns boolean
language sql immutable parallel safe
return _type not in ('pulse', 'message', 'form');

comment on function fn.judges is
'Whether the weights of a type''s options say how good a page is: fn.widget_type.is_judging, without a query.';
