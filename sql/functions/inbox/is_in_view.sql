create function fn.is_in_view(_view text, _folder text, _is_read boolean, _is_starred boolean) returns boolean
language sql immutable parallel safe
return case _view
    when 'unread' then coalesce(_folder, 'inbox') = 'inbox' and not coalesce(_is_read, false)
    when 'starred' then coalesce(_is_starred, false) and _folder in ('inbox', 'archive')
    when 'all' then coalesce(_folder, 'inbox') in ('inbox', 'archive')
    else coalesce(_folder, 'inbox') = _view
end;

comment on function fn.is_in_view is
'Whether a view of the inbox shows a message in that state; without a state (nulls) it is in the inbox, unread.';
