-- Called by ingest as installation.
create function fn.ingest_passage(
    _account_id uuid, _widget_id uuid, _key text, _id uuid, _created_ms bigint, _day date, _option_no smallint, _body text,
    _fields text, _context text, _visitor bytea, _dedup_key bytea, _dedup_ms bigint, _address bytea, _network bytea,
    _passage text, _pages_limit integer, _address_limit integer, _is_test boolean, _version uuid, _keys text[],
    _dedup_keys bytea[], _again boolean default false
) returns table (response_id uuid, outcome text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    if _version is not null then
        return query select r.response_id, r.outcome
        from fn.ingest_merged_response(
            _account_id, _widget_id, _key, _id, _created_ms, _day, _option_no, _body, _fields, _context, _visitor, _dedup_key,
            _dedup_ms, _address, _network, _version, _keys, _dedup_keys, _address_limit, _is_test
        ) as r;
    elsif _is_test then
        return query select r.response_id, r.outcome
        from fn.ingest_test_response(
            _account_id, _widget_id, _key, _id, _created_ms, _option_no, _body, _fields, _context, _visitor, _dedup_key,
            _dedup_ms, _pages_limit, _network
        ) as r;
    else
        return query select r.response_id, r.outcome
        from fn.ingest_responses(
            array[_account_id], array[_widget_id], array[_key], array[_id], array[_created_ms], array[_day], array[_option_no],
            case when _body is not null then array[_body] end, case when _fields is not null then array[_fields] end,
            case when _context is not null then array[_context] end, case when _visitor is not null then array[_visitor] end,
            case when _dedup_key is not null then array[_dedup_key] end, case when _dedup_ms is not null then array[_dedup_ms] end,
            case when _address is not null then array[_address] end, _pages_limit, _address_limit, _again,
            case when _network is not null then array[_network] end
        ) as r;
    end if;
    -- A response that was refused, or is a duplicate, is not there under its id.
    perform fn.store_passage(_account_id, _id, _passage, _key);
end;
$$;

comment on function fn.ingest_passage is
'Stores and counts a response about a passage, in one transaction: as fn.ingest_merged_response where _version is not null, as
fn.ingest_test_response in test mode, else as fn.ingest_responses. Returns no row where it was simply counted, else its id and outcome.';
