-- Called by ingest as installation.
create function fn.ingest_account_responses(
    _account_id uuid,
    _account_ids uuid[],
    _widget_ids uuid[],
    _keys text[],
    _ids uuid[],
    _created_ms bigint[],
    _days date[],
    _option_nos smallint[],
    _bodies text[],
    _fields text[],
    _contexts text[],
    _visitors bytea[],
    _dedup_keys bytea[],
    _dedup_ms bigint[],
    _addresses bytea[],
    _pages_limit integer,
    _address_limit integer,
    _again boolean default false,
    _networks bytea[] default null
) returns table (n integer, response_id uuid, outcome text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select * from fn.ingest_responses(
        _account_ids, _widget_ids, _keys, _ids, _created_ms, _days, _option_nos, _bodies, _fields, _contexts, _visitors,
        _dedup_keys, _dedup_ms, _addresses, _pages_limit, _address_limit, _again, _networks
    );
end;
$$;

comment on function fn.ingest_account_responses is
'As fn.ingest_responses, of a batch of one account: where accounts are distributed over nodes, all of it runs on the account''s node. A node
has no listeners, so its caller calls fn.notify_messages.';
