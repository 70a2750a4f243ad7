create function fn.update_response(
    _account_id uuid, _id uuid, _option_no smallint, _body text, _fields text, _now timestamptz default now()
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    return fn.update_responses(
        array[_account_id], array[_id], array[_option_no], array[_body], array[_fields], _now
    ) = 1;
end;
$$;

comment on function fn.update_response is 'Updates a response; false if it does not exist. A null body or null fields stay as they are.';
