create function fn.only_account(_ids uuid[]) returns uuid
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if _ids[1] <> any (_ids) then
        raise exception 'On a distributed database a batch is of one account.';
    end if;
    return _ids[1];
end;
$$;

comment on function fn.only_account is
'The account of all items of a batch; null of an empty one. An error if they have several: where accounts are distributed over nodes, a
statement uses the rows of one.';
