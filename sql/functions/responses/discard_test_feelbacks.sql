-- Called by app as account.
create function fn.discard_test_feelbacks(_account_id uuid, _project_id uuid) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _gone bigint;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    with gone as (
        delete from public.feelback as f
        using public.content_set as s
        where s.account_id = _account_id and s.project_id = _project_id
            and f.account_id = s.account_id and f.content_set_id = s.id and f.counted_on is null
        returning f.id, f.fold_key
    ), edits as (
        delete from public.feelback_edit as e
        using gone as g
        where e.account_id = _account_id and e.feelback_id = g.id
    ), states as (
        delete from public.message_state as m
        using gone as g
        where m.account_id = _account_id and m.feelback_id = g.id
    ), visits as (
        delete from public.visit as v
        using gone as g
        where v.account_id = _account_id and v.fold_key = g.fold_key and v.feelback_id = g.id
    )
    select count(*) into _gone from gone;
    if _gone > 0 then
        perform fn.note(
            _account_id, 'project.test_signals_deleted',
            (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id),
            jsonb_build_object('signals', _gone)
        );
    end if;
    return _gone;
end;
$$;

comment on function fn.discard_test_feelbacks is
'Deletes the signals that a project was sent in test mode; contents that they made stay. Returns how many there were. FB404,
FB403.';
