-- Called by app as account.
create function fn.delete_pages(
    _account_id uuid, _project_id uuid, _origin text, _pattern text, _until timestamptz, _now timestamptz default now()
) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.uuid_v7(_now);
    _name text := left(concat_ws(' ', nullif(_origin, ''), nullif(_pattern, '')), 200);
    _page_ids uuid[];
    _placement_ids uuid[];
    _responses bigint;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    perform fn.lock_roll_up(_account_id);  -- before any row, as everywhere
    perform fn.refuse_deleted(_account_id, _project_id);
    if _name = '' then
        raise exception 'Choose a site or enter a part of the URL.' using errcode = 'FB422';
    end if;
    -- The order of fn.create_placements: widgets, pages, placements.
    perform from public.widget as w
    where w.account_id = _account_id and w.project_id = _project_id
    order by w.id
    for no key update;
    update public.page as p
    set archived_at = coalesce(p.archived_at, _now), deletion_id = _id
    where p.account_id = _account_id and p.id in (
        select m.id from public.page as m
        where m.account_id = _account_id and m.project_id = _project_id and m.deletion_id is null
            and m.merged_into is null
            and m.created_at <= _until and fn.is_page_match(m.key, _origin, _pattern)
        order by m.id
        for update
    );
    _page_ids := array(select p.id from public.page as p where p.account_id = _account_id and p.deletion_id = _id);
    if cardinality(_page_ids) = 0 then
        return 0;
    end if;
    _placement_ids := array(
        select c.id from public.placement as c
        where c.account_id = _account_id and c.page_id = any (_page_ids)
    );
    select coalesce(sum(t.count), 0) into _responses
    from public.tally as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    insert into public.deletion (account_id, id, project_id, kind, name, requested_at, responses)
    values (_account_id, _id, _project_id, 'pages', _name, _now, _responses);
    if cardinality(_placement_ids) <= 500 and fn.can_do_at_once(_account_id, 100000) then
        perform fn.finish_deletion(_account_id, _id);
    else
        update public.placement as c set archived_at = coalesce(c.archived_at, _now)
        where c.account_id = _account_id and c.id = any (_placement_ids);
    end if;
    perform fn.add_audit_entry(
        _account_id, 'page.deleted', _name, jsonb_build_object('pages', cardinality(_page_ids))
    );
    return cardinality(_page_ids);
end;
$$;

comment on function fn.delete_pages is
'Deletes the pages of a project that match (fn.is_page_match) and were there at _until, with their responses and counts; returns
how many. A few in a small account are gone at once; many, and on Citus all, are archived, and fn.continue_deletions deletes them in
the background. FB422 without an origin or pattern, FB403, FB409.';
