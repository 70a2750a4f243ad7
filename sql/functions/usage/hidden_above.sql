create function fn.hidden_above(_account_id uuid, _month date, _quota bigint) returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _over integer;
begin
    select count(*) into _over from public.usage as u
    where u.account_id = _account_id and u.responses > u.quota
        and u.month in ((_month - interval '1 month')::date, (_month - interval '2 months')::date);
    return _quota * case when _over = 2 then 1 else 2 end;
end;
$$;

comment on function fn.hidden_above is
'With how many responses of a month messages begin to be hidden: the plan''s if the two months before were over it, else twice as
many. Null is unlimited.';
