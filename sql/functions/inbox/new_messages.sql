create function fn.new_messages(
    _account_id uuid, _project_id uuid, _widget_id uuid, _after uuid, _before uuid, _limit integer
) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _floor uuid := fn.uuid_floor(fn.messages_gathered_at() - interval '5 minutes');
begin
    return query
    select f.id
    from public.widget as s
    cross join lateral (
        select i.id from public.response as i
        where i.account_id = _account_id and i.widget_id = s.id and (i.body is not null or i.fields is not null)
            and i.id > greatest(_floor, _after) and i.id < _before
            and not exists (
                select 1 from public.message_state as m where m.account_id = _account_id and m.response_id = i.id
            )
        order by i.id desc
        limit _limit
    ) as f
    where s.account_id = _account_id and s.project_id = _project_id and (_widget_id is null or s.id = _widget_id)
    order by f.id desc
    limit _limit;
end;
$$;

comment on function fn.new_messages is
'The newest messages of a project, or one widget, that are not in message_state: at most a minute''s, where the scheduler runs.
They are unread in the inbox. _after and _before are exclusive.';
