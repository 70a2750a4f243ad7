-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.project_feelbacks(
    _account_id uuid, _project_id uuid, _content_set_id uuid default null, _content_id uuid default null,
    _option text default null, _from date default null, _to date default null, _text text default '',
    _before_id uuid default null, _limit integer default 50, _now timestamptz default now()
) returns table (
    id uuid, content_set_id uuid, set_name text, type text, content_id uuid, key text, label text, icon text,
    weight double precision, body text, fields_json text, sender text, created_at timestamp, is_edited boolean,
    is_test boolean
)
language plpgsql stable
set search_path = ''
as $$
declare
    _zone text;
    _option_no smallint;
    _veiled_from timestamptz := fn.veiled_from(_account_id, _now);
    _ids uuid[];
begin
    select p.time_zone into _zone from public.project as p where p.account_id = _account_id and p.id = _project_id;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    if _option is not null then
        select o.no into _option_no from public.option as o
        where o.account_id = _account_id and o.content_set_id = _content_set_id and o.value = _option;
        if not found then
            return;
        end if;
    end if;
    _ids := fn.found_feelbacks(
        _account_id, _project_id, _content_set_id, _content_id, _option_no, coalesce(_from, '0001-01-01'),
        coalesce(_to, '9999-12-31'), _text, _before_id, _limit, _zone, _now
    );
    return query
    select f.id, s.id, s.name, s.type, c.id, c.key, o.label, o.icon, o.weight, u.body, u.fields::text,
        u.context ->> '$user', f.created_at at time zone _zone, f.edited_at is not null, f.counted_on is null
    from unnest(_ids) as i (id)
    join public.feelback as f on f.account_id = _account_id and f.id = i.id
    join public.content as c on c.account_id = f.account_id and c.id = f.content_id
    join public.content_set as s on s.account_id = f.account_id and s.id = f.content_set_id
    join public.option as o on o.account_id = f.account_id and o.content_set_id = f.content_set_id and o.no = f.option_no
    cross join lateral fn.unveiled(f.body, f.fields, f.context, f.created_at, _veiled_from) as u
    order by f.id desc;
end;
$$;

comment on function fn.project_feelbacks is
'Single signals of a project, newest first: older than the one of _before_id, of a set, a content, an option (by its value, of
that set), a time (days of the project''s zone, both included), or holding a _text in what the visitor wrote; at most _limit.
Times are the project''s. FB404 for strangers.';
