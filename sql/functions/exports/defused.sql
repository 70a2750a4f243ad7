-- Called by app as caller.
create function fn.defused(_text text, _is_csv boolean) returns text
language sql immutable parallel safe
return case
    when _is_csv and _text ~ '(^|[;\t\r\n])[=+\-@＝＋－＠]|^[\t\r\n]' then regexp_replace(
        regexp_replace(_text, '(^|[;\t\r\n])([=+\-@＝＋－＠])', '\1''\2', 'g'), '^[\t\r\n]', '''\&'
    )
    else _text
end;

comment on function fn.defused is
'A text for a CSV cell, with an apostrophe before what a spreadsheet would take for a formula: at the beginning, and after
semicolons, tabs and line breaks, at which some spreadsheets separate cells.';
