-- Called by ingest as installation.
create function fn.grow_response(
    _account_id uuid, _id uuid, _parts text[], _option_no smallint, _body text, _fields text, _reasons text[], _contact text,
    _network bytea default null, _now timestamptz default now(), _passage text default null,
    _language text default null
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _before public.response;
    _after public.response;
    _is_edit boolean;
begin
    -- Before any other lock: see fn.ingest_responses. A message that replaces another, or one that was cleared, has been
    -- counted.
    if _network is not null and _body is not null and exists (
        select 1 from public.response as f
        cross join lateral fn.take_network_day(
            array[_account_id], array[f.widget_id], array[''], array[f.placement_id], array[_network], array[_body],
            array[null]::text[]
        ) as d
        where f.account_id = _account_id and f.id = _id and f.body is null and f.fields is null and not exists (
            select 1 from public.response_edit as e
            where e.account_id = _account_id and e.response_id = _id and (e.body is not null or e.fields is not null)
        )
    ) then
        raise exception 'The network has sent its messages of this day.' using errcode = 'FB429';
    end if;
    select * into _before from public.response as f where f.account_id = _account_id and f.id = _id for update;
    if not found then
        return false;
    end if;
    _after := fn.grown_response(_before, _parts, _option_no, _body, _fields, _reasons, _contact, _language);
    if 'passage' = any (_parts) then
        perform fn.store_passage(_account_id, _id, _passage);
    end if;
    if _after is not distinct from _before then
        return true;
    end if;
    -- What is added to a response is no edit of it.
    _is_edit := _after.option_no <> _before.option_no
        or _before.body is not null and _after.body is distinct from _before.body
        or _before.fields is not null and _after.fields is distinct from _before.fields
        or _before.reason_nos is not null and _after.reason_nos is distinct from _before.reason_nos;
    update public.response as f
    set option_no = _after.option_no, body = _after.body, fields = _after.fields, reason_nos = _after.reason_nos,
        contact = _after.contact, context = _after.context, edited_at = case when _is_edit then _now else f.edited_at end
    where f.account_id = _account_id and f.id = _id;
    if _is_edit and (
        select count(*) from public.response_edit as e where e.account_id = _account_id and e.response_id = _id
    ) < 50 then
        insert into public.response_edit (account_id, response_id, edited_at, option_no, body, fields, reason_nos)
        values (_account_id, _id, _now, _before.option_no, _before.body, _before.fields, _before.reason_nos)
        on conflict (account_id, response_id, edited_at) do nothing;
    end if;
    perform fn.grow_message(_before, _after, _now);
    perform fn.move_mentions(_before, _after);
    return true;
end;
$$;

comment on function fn.grow_response is
'Changes the parts of a response that _parts names: value (its option), words (body and fields, of types with a text), reasons (by
value), message (the body), contact and passage; null clears. Another option drops the reasons. Called again, it changes nothing. What is
replaced is stored (response_edit). The first text of a response has the _language, unless its context has one. False if there is no such response; the caller has checked its token. FB422 with the column at
fault and the limit in the detail; FB429 for a message beyond the network''s limit of a day.';
