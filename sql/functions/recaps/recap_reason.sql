create function fn.recap_reason(_account_id uuid, _project_id uuid, _unit text, _starts_on date) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select json_build_object(
            'widget_id', s.id, 'widget_name', s.name, 'option', o.value, 'answer', o.label, 'value', r.value,
            'label', r.label, 'share', f.share, 'before', f.share_before
        )
        from public.widget as s
        cross join lateral (
            select p.*, p.count / nullif(p.total, 0)::double precision as share,
                p.before / nullif(p.total_before, 0)::double precision as share_before
            from fn.period_reasons(_account_id, s.id, null, _unit, _starts_on) as p
        ) as f
        join public.reason as r on r.account_id = s.account_id and r.widget_id = s.id and r.no = f.reason_no
        join public.option as o on o.account_id = s.account_id and o.widget_id = s.id and o.no = f.option_no
        where s.account_id = _account_id and s.project_id = _project_id and f.share > f.share_before
            and fn.is_share_change(
                f.count, greatest(f.total, f.count), f.before, greatest(f.total_before, f.before)
            )
        order by f.share - f.share_before desc, s.created_at, s.id, r.no
        limit 1
    );
end;
$$;

comment on function fn.recap_reason is
'The reason whose share of the responses with its option grew most in a closed period, by more than chance (fn.is_share_change), as
JSON; null for none.';
