create function fn.check_merge(_account_id uuid, _project_id uuid, _source_id uuid, _target_id uuid) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if _source_id = _target_id then
        raise exception 'A page cannot be merged into itself.' using errcode = 'FB422', hint = 'Choose another page.';
    end if;
    if (
        select count(*) from public.page as p
        where p.account_id = _account_id and p.project_id = _project_id and p.id in (_source_id, _target_id)
    ) < 2 then
        raise exception 'There is no such page.' using errcode = 'FB404', hint = 'See the pages of your project.';
    end if;
    if exists (
        select 1 from public.page as p
        where p.account_id = _account_id and p.id in (_source_id, _target_id) and p.merged_into is not null
    ) then
        raise exception 'This page has been merged into another.' using errcode = 'FB409', hint = 'Choose that page.';
    end if;
    if exists (
        select 1 from public.page as p where p.account_id = _account_id and p.merged_into = _source_id
    ) then
        raise exception 'Other pages have been merged into this page.' using errcode = 'FB409',
            hint = 'Merge the other page into this one instead.';
    end if;
    if exists (
        select 1 from public.page as p
        where p.account_id = _account_id and p.id in (_source_id, _target_id)
            and (p.archived_at is not null or p.deletion_id is not null)
    ) then
        raise exception 'Archived pages cannot be merged.' using errcode = 'FB409', hint = 'Unarchive the page first.';
    end if;
    if exists (
        select 1 from public.deletion as d
        join public.placement as c on c.account_id = d.account_id and d.id in (c.id, c.widget_id)
        where d.account_id = _account_id and c.page_id in (_source_id, _target_id)
    ) then
        raise exception 'Responses of this page are being deleted.' using errcode = 'FB409',
            hint = 'Try again when that is finished.';
    end if;
    if exists (
        select 1 from public.page_merge as m
        where m.account_id = _account_id and m.state in ('merging', 'undoing')
            and (m.target_id in (_source_id, _target_id) or m.source_id in (_source_id, _target_id))
    ) then
        raise exception 'A merge of this page is not finished yet.' using errcode = 'FB409',
            hint = 'Try again when it is finished.';
    end if;
end;
$$;

comment on function fn.check_merge is
'Refuses to merge pages that cannot be: FB404 for unknown ones, FB422 for one and the same, FB409 for those that are merged,
archived, being deleted, or have aliases of their own and are not the target.';
