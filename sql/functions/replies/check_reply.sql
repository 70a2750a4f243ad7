create function fn.check_reply(
    _account_id uuid, _response_id uuid, _body text, _is_fix boolean, _address_hash bytea, _reply_to_id uuid,
    _now timestamptz
) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _most constant integer := 20;
begin
    if coalesce(char_length(_body), 0) not between 1 and 4000 or _body !~ '[^[:space:]]' then
        raise exception 'A reply must have 1 to 4,000 characters.' using errcode = 'FB422';
    end if;
    if _body ~ '[\x01-\x08\x0b-\x1f\x7f]' then
        raise exception 'A reply must not contain control characters other than tabs and line breaks.' using errcode = 'FB422';
    end if;
    if not exists (
        select 1 from public.member as m where m.account_id = _account_id and m.person_id = _reply_to_id
    ) then
        raise exception 'replyTo must be a member of the account.'
            using errcode = 'FB422', hint = 'The visitor''s answer is sent to their address.';
    end if;
    if exists (
        select 1 from public.opt_out as o where o.account_id = _account_id and o.address_hash = _address_hash
    ) then
        raise exception 'This visitor asked for no more email from your account.'
            using errcode = 'FB409', hint = 'Replies to them are not sent.';
    end if;
    if (select count(*) from public.reply as r where r.account_id = _account_id and r.response_id = _response_id) >= _most then
        raise exception 'A message has at most % replies.', _most
            using errcode = 'FB422', hint = 'Continue in your own mail program.';
    end if;
    -- A second click, or a request that is sent again because its answer was lost.
    if exists (
        select 1 from public.reply as r
        where r.account_id = _account_id and r.response_id = _response_id and r.address_hash = _address_hash
            and r.body = _body and r.created_at > _now - interval '1 minute'
    ) then
        raise exception 'This reply was sent a moment ago.' using errcode = 'FB409', hint = 'Wait a minute to send it once more.';
    end if;
    if _is_fix and not exists (
        select 1 from public.triage as t
        where t.account_id = _account_id and t.response_id = _response_id and t.status = 'resolved'
    ) then
        raise exception 'The message is not resolved.' using errcode = 'FB409', hint = 'Resolve it first.';
    end if;
    if _is_fix and exists (
        select 1 from public.reply as r where r.account_id = _account_id and r.response_id = _response_id and r.is_fix
    ) then
        raise exception 'The visitor already got an email that it is fixed.'
            using errcode = 'FB409', hint = 'Send a reply instead.';
    end if;
end;
$$;

comment on function fn.check_reply is 'Whether this reply to a message may be sent. FB422, FB409.';
