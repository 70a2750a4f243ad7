create function fn.message_bigrams(
    _account_id uuid, _body text, _fields jsonb, _contact text, _context jsonb
) returns text[]
language sql immutable parallel safe
return string_to_array(
    regexp_replace(
        lower(
            coalesce(_body, '') || coalesce(E'\n' || _fields::text, '') || coalesce(E'\n' || _contact, '')
            || coalesce(E'\n' || (_context ->> '$user'), '')
        ),
        -- Of the two patterns the simple one is three times as fast.
        case
            when lower(
                coalesce(_body, '') || coalesce(E'\n' || _fields::text, '') || coalesce(E'\n' || _contact, '')
                || coalesce(E'\n' || (_context ->> '$user'), '')
            ) ~ '[\u2E80-\U0003FFFF]' then '[^\u2E80-\U0003FFFF]{2}|.'
            else '..'
        end,
        '\& ', 'g'
    ),
    ' '
) || _account_id::text;

comment on function fn.message_bigrams is
'The text, fields, address and sender of a message in lower case, cut into pairs of characters that do not overlap, without their
spaces, and its account. From U+2E80 on, where Chinese, Japanese and emoji are, each character stands for itself. Inlined, so that
searches use response_bigrams_idx, whose expression is the same.';
