-- Called by jobs as installation.
create function fn.claim_issue(_now timestamptz default now())
returns table (
    account_id uuid, id uuid, attempt integer, number text, type text, url text, path text, token bytea, project_id uuid,
    labels text[], title text, body text, edit_rule text, slug text, response_id uuid, sent_at timestamptz, page_key text,
    page_title text, widget text, option text, words text, messages bigint,
    installation_id bigint
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _due record;
begin
    -- Several, because other workers may have locked the first, or a merge may hold its message.
    for _due in
        select i.account_id, i.id, i.project_id
        from public.issue as i
        join public.tracker as t on t.account_id = i.account_id and t.project_id = i.project_id
        where i.next_at <= _now and t.revoked_at is null and (t.retry_at is null or t.retry_at <= _now)
            and (t.claimed_until is null or t.claimed_until <= _now)
        order by i.next_at
        limit 100
    loop
        perform from public.issue as i
        join public.tracker as t on t.account_id = i.account_id and t.project_id = i.project_id
        where i.account_id = _due.account_id and i.id = _due.id and i.next_at <= _now and t.revoked_at is null
            and (t.retry_at is null or t.retry_at <= _now) and (t.claimed_until is null or t.claimed_until <= _now)
        for update of t, i skip locked;
        continue when not found;
        return query
        select i.account_id, i.id, i.attempts + 1, i.number, t.type, t.url, t.path, t.token, i.project_id, t.labels, t.title,
            t.body, t.edit_rule, p.slug, f.id, f.created_at, g.key, g.title, s.name,
            case when w.has_options then o.label else '' end, fn.issue_words(f.body, f.fields, s.fields), (
                select greatest(count(*), 1) from public.triage as a
                join public.triage as b on b.account_id = a.account_id and b.group_id = a.group_id
                where a.account_id = i.account_id and a.response_id = i.response_id
            ), case when t.token is null then t.installation_id end -- the version before leaves both
        from public.issue as i
        join public.tracker as t on t.account_id = i.account_id and t.project_id = i.project_id
        join public.project as p on p.account_id = i.account_id and p.id = i.project_id
        join public.response as f on f.account_id = i.account_id and f.id = i.response_id
        join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
        join fn.widget_type as w on w.name = s.type
        join public.option as o on o.account_id = s.account_id and o.widget_id = s.id and o.no = f.option_no
        join public.placement as c on c.account_id = f.account_id and c.id = f.placement_id
        join public.page as g on g.account_id = c.account_id and g.id = c.page_id
        where i.account_id = _due.account_id and i.id = _due.id;
        if not found then
            -- A merge of pages holds its message, which comes back if the merge is undone.
            update public.issue as i set next_at = _now + interval '1 hour'
            where i.account_id = _due.account_id and i.id = _due.id;
            continue;
        end if;
        -- Longer than an attempt can take: ten pages of issues, 10 seconds each, and what follows.
        update public.issue as i set attempts = i.attempts + 1, attempted_at = _now, next_at = _now + interval '5 minutes'
        where i.account_id = _due.account_id and i.id = _due.id;
        update public.tracker as t set claimed_until = _now + interval '5 minutes'
        where t.account_id = _due.account_id and t.project_id = _due.project_id;
        return;
    end loop;
end;
$$;

comment on function fn.claim_issue is
'Claims the next issue that is to be opened, or whose state is to be read, with its tracker and what its text is made of; no row if none is
due. A forge is asked one thing at a time. The attempt is a fencing token: fn.mark_issue refuses older ones. Issues of a tracker whose token was revoked, or that asked to
wait, are not claimed. Issues whose message a merge of pages holds wait for an hour, and keep no other issue waiting.';
