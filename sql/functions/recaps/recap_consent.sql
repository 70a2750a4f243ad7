create function fn.recap_consent(_account_id uuid, _project_id uuid, _to_id uuid) returns text
language sql stable parallel safe
return format('recap %s %s %s', _account_id, _project_id, _to_id);

comment on function fn.recap_consent is
'The consent that a recap''s unsubscribe link ends: to one project''s recaps, by a member (person) or another recipient.';
