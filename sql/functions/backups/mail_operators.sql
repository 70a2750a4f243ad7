create function fn.mail_operators(_template text, _context jsonb, _now timestamptz) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _mails bigint;
begin
    select count(fn.enqueue_mail(p.email, _template, _context, _now => _now)) into _mails
    from public.person as p
    where p.is_operator and p.deletion_at is null;
    return _mails;
end;
$$;

comment on function fn.mail_operators is 'Queues a mail to every operator of the installation; returns how many.';
