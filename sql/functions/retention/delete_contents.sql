create function fn.delete_contents(_account_id uuid, _content_ids uuid[])
returns table (contents bigint, feelbacks bigint)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
begin
    perform pg_advisory_xact_lock(hashtext('fn.roll_up_tallies'));
    perform from public.content as c
    where c.account_id = _account_id and c.id = any (_content_ids)
    order by c.id
    for update;
    with gone as (
        delete from public.feelback as f
        where f.account_id = _account_id and f.content_id = any (_content_ids)
        returning f.id, f.fold_key
    ), states as (
        delete from public.message_state as m
        using gone as g
        where m.account_id = _account_id and m.feelback_id = g.id
    ), edits as (
        delete from public.feelback_edit as e
        using gone as g
        where e.account_id = _account_id and e.feelback_id = g.id
    ), visits as (
        delete from public.visit as v
        using gone as g
        where v.account_id = _account_id and v.fold_key = g.fold_key
    )
    select count(*) into feelbacks from gone;
    delete from public.address_visit as a where a.account_id = _account_id and a.content_id = any (_content_ids);

    -- What was passed on to sets and closed periods is taken back the way it came.
    update public.tally_day as t set count = 0
    where t.account_id = _account_id and t.content_id = any (_content_ids) and t.count <> 0;
    insert into public.tally_change (account_id, content_id, day)
    select distinct t.account_id, t.content_id, t.day
    from public.tally_day as t
    where t.account_id = _account_id and t.content_id = any (_content_ids)
    on conflict (account_id, content_id, day) do nothing;
    while fn.roll_up_tallies(100000) > 0 loop
    end loop;
    perform fn.close_changed_periods(_account_id);

    delete from public.tally_day as t where t.account_id = _account_id and t.content_id = any (_content_ids);
    delete from public.reconciliation as r where r.account_id = _account_id and r.content_id = any (_content_ids);
    delete from public.tally as t where t.account_id = _account_id and t.content_id = any (_content_ids);
    update public.content_set as s
    set contents = s.contents - n.n
    from (
        select c.content_set_id, count(*) as n
        from public.content as c
        where c.account_id = _account_id and c.id = any (_content_ids)
        group by c.content_set_id
    ) as n
    where s.account_id = _account_id and s.id = n.content_set_id;
    delete from public.content as c where c.account_id = _account_id and c.id = any (_content_ids);
    get diagnostics contents = row_count;
    return next;
end;
$$;

comment on function fn.delete_contents is
'Deletes contents with all that was ever told about them; sets, windows and closed periods forget it too. Returns how many
contents and how many single signals there were.';
