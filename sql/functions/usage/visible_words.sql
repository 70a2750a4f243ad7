create function fn.visible_words(
    _body text, _fields jsonb, _context jsonb, _created_at timestamptz, _hidden_from timestamptz
) returns table (body text, fields jsonb, context jsonb, is_hidden boolean)
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    is_hidden := (_body is not null or _fields is not null) and _created_at >= _hidden_from;
    body := case
        when is_hidden
            then 'Hidden: it came when this month''s responses of the plan were used up. A larger plan shows it at once, else next month does.'
        else _body
    end;
    fields := case when not is_hidden then _fields end;
    context := case when not is_hidden then _context end;
    return next;
end;
$$;

comment on function fn.visible_words is 'The visible contents of a response: nothing of a hidden message (fn.hidden_from).';
