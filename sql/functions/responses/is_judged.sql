create function fn.is_judged(_account_id uuid, _widget_id uuid, _option_no smallint, _sign integer) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select 1 from fn.scored_option as o
        where o.account_id = _account_id and o.widget_id = _widget_id and o.no = _option_no and sign(o.weight) = _sign
    );
end;
$$;

comment on function fn.is_judged is
'Whether an option judges with a weight of that sign: 1 for positive, -1 for unhappy; never of types that do not judge.';
