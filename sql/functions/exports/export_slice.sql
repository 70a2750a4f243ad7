-- Called by app as account.
create function fn.export_slice(
    _account_id uuid, _project_id uuid, _kind text, _widget_id uuid, _from_day date, _to_day date, _after uuid,
    _limit integer
) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _zone text;
    _from uuid := coalesce(_after, '00000000-0000-0000-0000-000000000000');
    _to uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
begin
    perform fn.allow(
        _account_id, 'viewer', _project_id, case _kind when 'responses' then 'read_messages' end
    );
    if _kind = 'responses' then
        select p.time_zone into _zone from public.project as p where p.account_id = _account_id and p.id = _project_id;
        if _from_day is not null then
            _from := greatest(_from, fn.uuid_floor(_from_day::timestamp at time zone _zone));
        end if;
        if _to_day is not null then
            _to := fn.uuid_floor((_to_day + 1)::timestamp at time zone _zone);
        end if;
        return (
            select s.id
            from (
                select f.id from public.response as f
                where f.account_id = _account_id and f.id > _from and f.id < _to
                order by f.id
                limit _limit
            ) as s
            order by s.id desc
            limit 1
        );
    end if;
    return (
        select s.id
        from (
            (
                select c.id
                from public.placement as c
                join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
                where c.account_id = _account_id and c.id > _from and s.project_id = _project_id
                    and (_widget_id is null or s.id = _widget_id)
                order by c.id
                limit _limit
            )
            union all
            (
                select s.id from public.widget as s
                where _kind = 'periods' and s.account_id = _account_id and s.project_id = _project_id and s.id > _from
                    and (_widget_id is null or s.id = _widget_id)
            )
            union all
            (select _project_id where _kind = 'periods' and _widget_id is null and _project_id > _from)
            order by 1
            limit _limit
        ) as s
        order by s.id desc
        limit 1
    );
end;
$$;

comment on function fn.export_slice is
'The end of the next slice of an export after _after: the id of a response, otherwise of a placement (or a widget or project,
which have periods too); null at the end. A slice covers _limit responses of the account, whether the filter matches them or
not, so that its cost is bounded.';
