-- Called by app as account.
create function fn.project_responses(
    _account_id uuid, _project_id uuid, _widget_id uuid default null, _placement_id uuid default null,
    _option text default null, _from date default null, _to date default null, _text text default '',
    _before_id uuid default null, _limit integer default 50, _now timestamptz default now(),
    _page_id uuid default null, _origin text default '', _since timestamptz default null, _until timestamptz default null,
    _reason text default '', _sentiment text default ''
) returns table (
    id uuid, widget_id uuid, widget_name text, type text, placement_id uuid, key text, label text, icon text,
    weight double precision, body text, fields_json text, sender text, created_at timestamp, is_edited boolean,
    is_test boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    _zone text;
    _option_no smallint;
    _reason_no smallint;
    _hidden_from timestamptz := fn.hidden_from(_account_id, _now);
    _ids uuid[];
    _placement_ids uuid[] := case
        when _placement_id is not null then array[_placement_id]
        else fn.filtered_placements(_account_id, _project_id, _page_id, _origin)
    end;
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    select p.time_zone into _zone from public.project as p where p.account_id = _account_id and p.id = _project_id;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    if _option is not null then
        select o.no into _option_no from public.option as o
        where o.account_id = _account_id and o.widget_id = _widget_id and o.value = _option;
        if not found then
            return;
        end if;
    end if;
    if _reason <> '' then
        select r.no into _reason_no from fn.named_reasons(_account_id, array[_widget_id], coalesce(_option, ''), _reason) as r;
        if not found then
            return;
        end if;
    end if;
    _ids := fn.matching_responses(
        _account_id, _project_id, _widget_id, _placement_ids, _option_no, coalesce(_from, '0001-01-01'),
        coalesce(_to, '9999-12-31'), _text, least(_before_id, fn.uuid_floor(_until)), _limit, _zone, _now,
        fn.uuid_floor(_since), _reason_no, case _sentiment when 'positive' then 1 when 'unhappy' then -1 end
    );
    return query
    select f.id, s.id, s.name, s.type, c.id, c.key, o.label, o.icon, o.weight, u.body, u.fields::text,
        u.context ->> '$user', f.created_at at time zone _zone, f.edited_at is not null, f.counted_on is null
    from unnest(_ids) as i (id)
    join public.response as f on f.account_id = _account_id and f.id = i.id
    join public.placement as c on c.account_id = f.account_id and c.id = f.placement_id
    join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
    join public.option as o on o.account_id = f.account_id and o.widget_id = f.widget_id and o.no = f.option_no
    cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
    order by f.id desc;
end;
$$;

comment on function fn.project_responses is
'At most _limit responses of a project, newest first: older than _before_id, of a widget, a placement, a page, an origin (fn.is_page_match), an option or a reason of it (by their values),
positive or unhappy ones only by _sentiment (their weight in fn.scored_option),
days of the project''s zone (both included), from _since to before _until, or with _text in what the visitor wrote. Times are in the project''s zone. FB404.';
