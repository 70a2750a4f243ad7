create function fn.message_words(_widget_id uuid, _body text, _fields jsonb, _context jsonb) returns tsvector
language sql immutable parallel safe
return to_tsvector('simple', left(coalesce(_body, ''), 100000) || ' ' || left(coalesce(_context ->> '$user', ''), 1000))
    || case
        when octet_length(_fields::text) <= 200000 then jsonb_to_tsvector('simple', _fields, '["string", "numeric"]')
        else ''::tsvector
    end
    || array_to_tsvector(array[_widget_id::text]);

comment on function fn.message_words is
'The searchable words of a message: its text, fields and sender, and its widget''s id. Inlined, so that searches use
response_words_idx, whose expression is the same.';
