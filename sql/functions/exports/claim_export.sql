-- Called by jobs as installation.
create function fn.claim_export(_claim uuid, _now timestamptz default now())
returns table (
    account_id uuid, id uuid, project_id uuid, person_id uuid, kind text, format text, widget_id uuid, placement_id uuid,
    option text, from_day date, to_day date, text text, through_id uuid, parts integer, attempts integer,
    page_id uuid, origin text, reason text, sentiment text
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _due record;
begin
    -- Several, because other workers may have locked the first.
    for _due in
        select e.account_id, e.id from public.export as e
        where e.done_at is null and (e.claimed_until is null or e.claimed_until < _now)
        order by e.requested_at
        limit 100
    loop
        perform from public.export as e
        where e.account_id = _due.account_id and e.id = _due.id and e.done_at is null
            and (e.claimed_until is null or e.claimed_until < _now)
        for update skip locked;
        continue when not found;
        return query
        update public.export as e
        set claim = _claim, claimed_until = _now + interval '1 minute', attempts = e.attempts + 1
        where e.account_id = _due.account_id and e.id = _due.id
        returning e.account_id, e.id, e.project_id, e.person_id, e.kind, e.format, e.widget_id, e.placement_id,
            e.option, e.from_day, e.to_day, e.text, e.through_id, e.parts, e.attempts, e.page_id, e.origin, e.reason,
            e.sentiment;
        return;
    end loop;
end;
$$;

comment on function fn.claim_export is
'Claims the export that has waited longest, for a minute that each part renews; a worker continues where another stopped.';
