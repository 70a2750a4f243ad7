-- Called by jobs as installation.
create function fn.delete_discarded(_now timestamptz default now(), _limit integer default 200000)
returns table (feelbacks bigint, finished bigint)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _deletion public.deletion;
    _set_ids uuid[];
    _seen bigint;
    _gone bigint;
    _last_id uuid;
begin
    feelbacks := 0;
    finished := 0;
    for _deletion in
        select * from public.deletion as d
        -- What ingestion remembers of settings is older than that no more.
        where d.asked_at < _now - interval '15 seconds'
        order by d.asked_at, d.account_id, d.id
        for update skip locked
    loop
        exit when _limit <= 0;
        _set_ids := array(
            select s.id from public.content_set as s
            where s.account_id = _deletion.account_id and s.project_id = _deletion.project_id
                and (_deletion.kind <> 'set' or s.id = _deletion.id)
        );
        with seen as (
            select f.id, f.content_set_id = any (_set_ids) and (_deletion.kind <> 'content' or f.content_id = _deletion.id)
                as is_its
            from public.feelback as f
            where f.account_id = _deletion.account_id and f.id > _deletion.after_id
            order by f.id
            limit _limit
        ), gone as (
            delete from public.feelback as f
            using seen as s
            where f.account_id = _deletion.account_id and f.id = s.id and s.is_its
            returning f.id, f.fold_key
        ), edits as (
            delete from public.feelback_edit as e
            using gone as g
            where e.account_id = _deletion.account_id and e.feelback_id = g.id
        ), states as (
            delete from public.message_state as m
            using gone as g
            where m.account_id = _deletion.account_id and m.feelback_id = g.id
        ), visits as (
            delete from public.visit as v
            using gone as g
            where v.account_id = _deletion.account_id and v.fold_key = g.fold_key and v.feelback_id = g.id
        )
        select count(*), (select count(*) from gone), max(s.id::text)::uuid into _seen, _gone, _last_id from seen as s;
        feelbacks := feelbacks + _gone;
        if _seen < _limit then
            perform fn.finish_deletion(_deletion.account_id, _deletion.id);
            finished := finished + 1;
        else
            update public.deletion as d set gone = d.gone + _gone, after_id = _last_id
            where d.account_id = _deletion.account_id and d.id = _deletion.id;
        end if;
        _limit := _limit - _seen;
    end loop;
    return next;
end;
$$;

comment on function fn.delete_discarded is
'Goes on with what is being deleted: looks at about _limit signals a run, lets go of those that are meant and, once there are
none left, of all the rest. Returns how many signals went, and how many deletions are finished.';
