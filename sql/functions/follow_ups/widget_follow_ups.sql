create function fn.widget_follow_ups(_account_id uuid, _widget_id uuid) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce((
        select jsonb_agg(
            jsonb_build_object(
                'option', o.value, 'question', u.question, 'multiple', u.is_multiple, 'message', u.takes_message,
                'contact', u.takes_contact, 'thanks', u.thanks, 'reasons', coalesce((
                    select jsonb_agg(jsonb_build_object('value', r.value, 'label', r.label) order by r.position)
                    from public.reason as r
                    where r.account_id = _account_id and r.widget_id = u.widget_id and r.option_no = u.option_no
                        and r.archived_at is null
                ), '[]')
            )
            order by o.position, o.no
        )
        from public.follow_up as u
        join public.option as o on o.account_id = _account_id and o.widget_id = u.widget_id and o.no = u.option_no
        where u.account_id = _account_id and u.widget_id = _widget_id and o.retired_at is null
    ), '[]');
end;
$$;

comment on function fn.widget_follow_ups is
'The follow-ups of a widget, in the order of its options, with the reasons that they offer.';
