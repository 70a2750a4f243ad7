create function fn.unveiled(
    _body text, _fields jsonb, _context jsonb, _created_at timestamptz, _veiled_from timestamptz
) returns table (body text, fields jsonb, context jsonb, is_veiled boolean)
language plpgsql immutable
set search_path = ''
as $$
begin
    is_veiled := (_body is not null or _fields is not null) and _created_at >= _veiled_from;
    body := case
        when is_veiled
            then 'Veiled: it came when this month''s signals of the plan were used up. A larger plan shows it at once, else next month does.'
        else _body
    end;
    fields := case when not is_veiled then _fields end;
    context := case when not is_veiled then _context end;
    return next;
end;
$$;

comment on function fn.unveiled is
'What may be told of a signal: all of it, or of a message that is veiled (see fn.veiled_from) only that it is there.';
