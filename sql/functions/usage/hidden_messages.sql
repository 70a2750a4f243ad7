create function fn.hidden_messages(
    _account_id uuid, _project_id uuid default null, _now timestamptz default now(), _most integer default null
) returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _from timestamptz := fn.hidden_from(_account_id, _now);
begin
    if _from = 'infinity' then
        return 0;
    end if;
    return (
        select count(*)
        from (
            select 1 from public.widget as s
            join public.response as f
                on f.account_id = s.account_id and f.widget_id = s.id and (f.body is not null or f.fields is not null)
            where s.account_id = _account_id and (_project_id is null or s.project_id = _project_id)
                and f.id >= fn.uuid_floor(_from) and f.created_at >= _from
            limit _most
        ) as v
    );
end;
$$;

comment on function fn.hidden_messages is 'Number of hidden messages of an account, or one of its projects, at most _most.';
