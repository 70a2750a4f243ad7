create function fn.text_bigrams(_account_id uuid, _text text, _skip integer) returns text[]
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    -- A last character without its second is left out: in the message another may follow.
    _bigrams text[] := array(
        select distinct part
        from regexp_matches(
            substr(_text, 1 + case when _text ~ '^[\u2E80-\U0003FFFF]' then 0 else _skip end),
            '[^\u2E80-\U0003FFFF]{2}|[\u2E80-\U0003FFFF]|[^\u2E80-\U0003FFFF](?=[\u2E80-\U0003FFFF])', 'g'
        ) as m (bigram)
        cross join lateral string_to_table(m.bigram[1], ' ') as part
    );
begin
    return case when _bigrams <> '{}' then _bigrams || _account_id::text end;
end;
$$;

comment on function fn.text_bigrams is
'What fn.message_bigrams has of a message of the account that has _text, which is in lower case, in it: where a pair starts at the
first character of _text (_skip 0), or at the second one (_skip 1; the same where the first one stands for itself). Null where _text
is too short to say.';
