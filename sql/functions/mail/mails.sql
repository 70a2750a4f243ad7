-- Called by app as installation.
create function fn.mails(_person_id uuid, _state text, _limit integer, _offset integer)
returns table (
    id uuid, recipient text, template text, state text, created_at timestamptz, done_at timestamptz, next_at timestamptz,
    attempts integer, last_error text, is_readable boolean, row_count bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    -- In the table it is kept, which versions before write there.
    _outcome constant text := case _state when 'stored' then 'kept' else _state end;
begin
    perform fn.allow_installation(_person_id);
    return query
    select m.id, m.recipient, m.template, case m.outcome when 'kept' then 'stored' else coalesce(m.outcome, 'waiting') end,
        m.created_at, m.done_at, m.next_at, m.attempts, m.last_error,
        exists (select 1 from public.mail_body as b where b.mail_id = m.id),
        (
            select count(*) from public.mail as c
            where _outcome = '' or coalesce(c.outcome, 'waiting') = _outcome
        )
    from public.mail as m
    where _outcome = '' or coalesce(m.outcome, 'waiting') = _outcome
    order by m.created_at desc, m.id desc
    limit _limit
    offset _offset;
end;
$$;

comment on function fn.mails is
'A page of the outbox, newest first, for operators: all mails, or those in _state waiting, sent, stored, failed or unknown.
row_count is of all pages.';
