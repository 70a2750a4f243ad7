-- Called by app as installation.
create function fn.kept_mail(_person_id uuid, _id uuid)
returns table (recipient text, template text, created_at timestamptz, body bytea)
language plpgsql stable
set search_path = ''
as $$
begin
    perform fn.allow_installation(_person_id);
    return query
    select m.recipient, m.template, m.created_at, m.body from public.mail as m where m.id = _id and m.body is not null;
end;
$$;

comment on function fn.kept_mail is
'A mail that was stored unsent for want of a mail server, for the installation''s owner; no row if there is none.';
