create function fn.defused(_text text, _is_csv boolean) returns text
language sql immutable parallel safe
return case when _is_csv and _text ~ '^[=+\-@\t\r\n＝＋－＠]' then '''' || _text else _text end;

comment on function fn.defused is
'A text for a CSV cell; one that a spreadsheet would take for a formula gets a leading apostrophe.';
