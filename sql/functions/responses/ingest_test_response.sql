-- Called by ingest as installation.
create function fn.ingest_test_response(
    _account_id uuid, _widget_id uuid, _key text, _id uuid, _created_ms bigint, _option_no smallint, _body text,
    _fields text, _context text, _visitor bytea, _dedup_key bytea, _dedup_ms bigint, _pages_limit integer,
    _network bytea default null
) returns table (response_id uuid, outcome text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _placement public.placement;
    _kept_id uuid;
    _over text;
    _now timestamptz := now();
begin
    -- Before any other lock: see fn.ingest_responses.
    select d.outcome into _over
    from fn.take_network_day(
        array[_account_id], array[_widget_id], array[_key], array[(
            select c.id from public.placement as c
            where c.account_id = _account_id and c.widget_id = _widget_id and c.key = _key
        )], array[_network], array[_body], array[_fields]
    ) as d;
    if _over is not null then
        return query select _id, _over;
        return;
    end if;
    for _try in 1..2 loop
        select * into _placement from public.placement as c
        where c.account_id = _account_id and c.widget_id = _widget_id and c.key = _key
        for key share;  -- nobody deletes it before this commits
        exit when found or _try = 2;
        perform fn.create_placements(array[_account_id], array[_widget_id], array[_key], _pages_limit);
    end loop;
    if _placement.id is null or _placement.archived_at is not null then
        return query select _id, case
            when _placement.id is not null or exists (
                select 1 from public.page as p
                join public.widget as w on w.account_id = p.account_id and w.project_id = p.project_id
                where p.account_id = _account_id and w.id = _widget_id and p.key = _key and p.archived_at is not null
            ) then 'archived'
            when exists (
                select 1 from public.widget as s where s.account_id = _account_id and s.id = _widget_id
            ) then 'pages_limit'
            else 'unknown_widget'
        end;
        return;
    end if;
    if _placement.alias_version is not null then
        return query select _id, 'moved';
        return;
    end if;
    if _dedup_key is not null then
        insert into public.visit as v (account_id, dedup_key, placement_id, response_id, expires_at)
        values (
            _account_id, _dedup_key, _placement.id, _id,
            coalesce(to_timestamp(_dedup_ms / float8 '1000'), timestamptz 'infinity')
        )
        on conflict (account_id, dedup_key) do update set
            response_id = case when v.expires_at > _now then v.response_id else excluded.response_id end,
            expires_at = case when v.expires_at > _now then v.expires_at else excluded.expires_at end
        returning v.response_id into _kept_id;
        if _kept_id <> _id then
            -- As fn.ingest_responses does.
            if _body is null and _fields is null and not exists (
                select 1 from public.widget as s
                where s.account_id = _account_id and s.id = _widget_id and s.type = 'tagged'
            ) then
                perform fn.update_response(_account_id, _kept_id, _option_no, _body, _fields);
            end if;
            return query select _kept_id, 'duplicate';
            return;
        end if;
    end if;
    insert into public.response (
        account_id, id, widget_id, placement_id, option_no, counted_on, created_at, visitor, dedup_key, body, fields,
        context
    )
    values (
        _account_id, _id, _widget_id, _placement.id, _option_no, null, to_timestamp(_created_ms / float8 '1000'), _visitor,
        _dedup_key, _body, _fields::jsonb, _context::jsonb
    )
    on conflict (account_id, id) do nothing;  -- sent again after a lost answer
    if _body is not null or _fields is not null then
        perform fn.notify_messages(array[_account_id], array[_widget_id], array[_body], array[_fields]);
        perform fn.gather_late_messages(array[_account_id], array[_id], array[_created_ms]);
    end if;
    return query select _id, 'test';
end;
$$;

comment on function fn.ingest_test_response is
'Stores a response in test mode, marked by counted_on null, without counting it. Its deduplication key differs from that of
counted responses, so that a visitor who has tested is still counted later. Returns its id and test, duplicate, archived,
pages_limit, network_pages, network_messages, moved or unknown_widget, as fn.ingest_responses.';
