create function fn.project_attention(_account_id uuid, _project_id uuid, _now timestamptz default now()) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select coalesce(jsonb_agg(a order by a.kind, a.count desc, a.name), '[]')
        from (
            (
                select 'refused' as kind, r.reason as name, r.origin as about, sum(r.count)::bigint as count
                from public.refusal as r
                where r.account_id = _account_id and r.project_id = _project_id and r.hour > _now - interval '24 hours'
                    and not (r.reason = 'origin' and exists (  -- a site that is allowed by now
                        select 1 from public.project as p cross join unnest(p.origins) as o (origin)
                        where p.account_id = _account_id and p.id = _project_id
                            and r.origin like replace(replace(o.origin, '_', '\_'), '*', '%')
                    ))
                group by r.reason, r.origin
                order by 4 desc
                limit 3
            )
            union all
            (
                select 'silent', s.name, s.id::text, coalesce(sum(w.before), 0)::bigint
                from public.widget as s
                left join public.widget_window as w
                    on w.account_id = _account_id and w.project_id = s.project_id and w.widget_id = s.id and w.days = 7
                where s.account_id = _account_id and s.project_id = _project_id
                group by s.id, s.name, s.placements
                having s.placements = 0 or sum(w.before) > 0 and sum(w.count) = 0
                order by s.id
                limit 3
            )
        ) as a
    );
end;
$$;

comment on function fn.project_attention is
'What needs attention in a project, as JSON, three of a kind: refusals of 24 hours (name: reason, about: origin, count), except
of sites that are allowed by now, and widgets without any response or with none in the last week (name: the widget''s, about:
its id, count: responses of the week before).';
