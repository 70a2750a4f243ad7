create function fn.preset_follow_ups(_type text, _preset text) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce((
        select jsonb_agg(
            jsonb_build_object(
                'option', p.value, 'question', f.question, 'multiple', f.is_multiple, 'message', f.takes_message,
                'contact', f.takes_contact, 'thanks', f.thanks, 'reasons', (
                    select jsonb_agg(jsonb_build_object('value', r.value, 'label', r.label) order by r.n)
                    from json_each_text(f.reasons) with ordinality as r (value, label, n)
                )
            )
            order by p.position
        )
        from fn.preset_follow_up as f
        join fn.preset as p on p.name = f.name and p.type = f.type and p.value = any (f.options)
        where f.name = _preset and f.type = _type
    ), '[]');
end;
$$;

comment on function fn.preset_follow_ups is
'The follow-ups of a preset for a widget of its type, in the order of its options, as fn.update_follow_ups takes them.';
