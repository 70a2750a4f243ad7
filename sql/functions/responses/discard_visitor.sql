-- Called by app as account.
create function fn.discard_visitor(_account_id uuid, _project_id uuid, _feelback_id uuid) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _visitor bytea;
    _gone bigint;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    select f.visitor into _visitor
    from public.feelback as f
    join public.content_set as s on s.account_id = f.account_id and s.id = f.content_set_id
    where f.account_id = _account_id and f.id = _feelback_id and s.project_id = _project_id;
    if not found then
        raise exception 'There is no such signal.' using errcode = 'FB404', hint = 'It may have been deleted.';
    end if;
    if _visitor is null then
        raise exception 'Nobody knows whose signal this is: the set counts every signal by itself.' using errcode = 'FB422',
            hint = 'Delete this one alone.';
    end if;
    _gone := fn.delete_visitor(_account_id, _project_id, _visitor);
    perform fn.note(
        _account_id, 'visitor.deleted',
        (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id),
        jsonb_build_object('signals', _gone)
    );
    return _gone;
end;
$$;

comment on function fn.discard_visitor is
'Deletes all signals of a project''s visitor, whose one signal is named; returns how many. What counts visitors by address
knows them for a day only. FB422 where the signal has no visitor; FB404, FB403.';
