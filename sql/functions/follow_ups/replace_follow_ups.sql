create function fn.replace_follow_ups(_account_id uuid, _widget_id uuid, _follow_ups jsonb, _now timestamptz) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Retired options keep theirs, which come back with them.
    delete from public.follow_up as u
    using public.option as o
    where u.account_id = _account_id and u.widget_id = _widget_id
        and o.account_id = u.account_id and o.widget_id = u.widget_id and o.no = u.option_no and o.retired_at is null;
    insert into public.follow_up (
        account_id, widget_id, option_no, question, is_multiple, takes_message, takes_contact, thanks
    )
    select o.account_id, o.widget_id, o.no, btrim(u ->> 'question'), coalesce((u ->> 'multiple')::boolean, false),
        coalesce((u ->> 'message')::boolean, false), coalesce((u ->> 'contact')::boolean, false), btrim(u ->> 'thanks')
    from jsonb_array_elements(_follow_ups) as u
    join public.option as o on o.account_id = _account_id and o.widget_id = _widget_id and o.value = u ->> 'option'
    on conflict do nothing;  -- as in fn.create_options
    update public.reason as r
    set archived_at = _now
    from public.option as o
    where r.account_id = _account_id and r.widget_id = _widget_id and r.archived_at is null
        and o.account_id = r.account_id and o.widget_id = r.widget_id and o.no = r.option_no and o.retired_at is null;
    -- One that was there before comes back under its number, with its counts; a label that is not given stays.
    with item as (
        select o.no as option_no, r.value ->> 'value' as value, nullif(btrim(r.value ->> 'label'), '') as label,
            r.position, row_number() over (order by o.no, r.position) as n
        from jsonb_array_elements(_follow_ups) as u
        join public.option as o on o.account_id = _account_id and o.widget_id = _widget_id and o.value = u ->> 'option'
        cross join lateral jsonb_array_elements(coalesce(u -> 'reasons', '[]')) with ordinality as r (value, position)
    ), back as (
        update public.reason as r
        set position = i.position, label = coalesce(i.label, r.label), archived_at = null
        from item as i
        where r.account_id = _account_id and r.widget_id = _widget_id and r.option_no = i.option_no and r.value = i.value
    )
    insert into public.reason (account_id, widget_id, no, option_no, position, value, label)
    select _account_id, _widget_id, h.most + row_number() over (order by i.n), i.option_no, i.position, i.value,
        coalesce(i.label, i.value)
    from item as i
    cross join (
        select coalesce(max(r.no), 0) as most from public.reason as r
        where r.account_id = _account_id and r.widget_id = _widget_id
    ) as h
    where not exists (
        select 1 from public.reason as r
        where r.account_id = _account_id and r.widget_id = _widget_id and r.option_no = i.option_no and r.value = i.value
    )
    on conflict do nothing;
end;
$$;

comment on function fn.replace_follow_ups is
'Replaces the follow-ups of a widget: archives missing reasons, brings back and updates those with a known value, and adds new ones
with new numbers. Those of retired options stay. Part of fn.update_follow_ups.';
