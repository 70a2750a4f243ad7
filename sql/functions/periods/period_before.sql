create function fn.period_before(_account_id uuid, _scope_id uuid, _unit text, _starts_on date) returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select p.total
        from public.period as p
        where p.account_id = _account_id and p.scope_id = _scope_id and p.unit = _unit
            and p.starts_on = (_starts_on - ('1 ' || _unit)::interval)::date
    );
end;
$$;

comment on function fn.period_before is 'The total of the period before; null without responses.';
