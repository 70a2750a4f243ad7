create function fn.project_overview(_account_id uuid, _slug text, _now timestamptz default now())
returns table (
    slug text, name text, time_zone text, signals_ever bigint, signals bigint, signals_before bigint, messages bigint,
    messages_before bigint, sentiment double precision, sentiment_before double precision, trend_json text,
    sets_json text, best_json text, messages_json text
)
language plpgsql stable
set search_path = ''
as $$
declare
    _project public.project;
    _today date;
    _from date;
begin
    select * into _project from public.project as p where p.account_id = _account_id and p.slug = _slug;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    _today := (_now at time zone _project.time_zone)::date;
    _from := _today - 29;

    return query
    select
        _project.slug, _project.name, _project.time_zone,
        coalesce((
            select sum(t.count)
            from public.content_set as s
            join public.content as c on c.account_id = s.account_id and c.content_set_id = s.id
            join public.tally as t on t.account_id = c.account_id and t.content_id = c.id
            where s.account_id = _account_id and s.project_id = _project.id
        ), 0)::bigint,
        coalesce(sum(d.signals) filter (where d.day >= _from), 0)::bigint,
        coalesce(sum(d.signals) filter (where d.day < _from), 0)::bigint,
        coalesce(sum(d.messages) filter (where d.day >= _from), 0)::bigint,
        coalesce(sum(d.messages) filter (where d.day < _from), 0)::bigint,
        sum(d.weight) filter (where d.day >= _from) / nullif(sum(d.weighed) filter (where d.day >= _from), 0),
        sum(d.weight) filter (where d.day < _from) / nullif(sum(d.weighed) filter (where d.day < _from), 0),
        json_agg(json_build_object('day', d.day, 'signals', d.signals) order by d.day)::text,
        (
            select coalesce(json_agg(s), '[]')::text
            from fn.set_summaries(_account_id, _project.id, _from, _today) as s
        ),
        (
            select coalesce(json_agg(b), '[]')::text
            from fn.best_contents(_account_id, _project.id, _from, _today, 8) as b
        ),
        (select coalesce(json_agg(m), '[]')::text from fn.newest_messages(_account_id, _project.id, 20) as m)
    from fn.project_trend(_account_id, _project.id, _from - 30, _today) as d;
end;
$$;

comment on function fn.project_overview is
'What the overview of a project shows, for the last 30 days (today included, in the project''s zone) and the 30 before:
totals; and as JSON the 60 days, the sets, the best contents and the newest messages. FB404 where the account has none.';
