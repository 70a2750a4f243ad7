-- Called by app as account.
create function fn.rename_page(
    _account_id uuid, _project_id uuid, _id uuid, _key text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _page public.page;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    if coalesce(octet_length(_key), 0) not between 1 and 2048 then
        raise exception 'The page''s address must have 1 to 2048 bytes.' using errcode = 'FB422';
    end if;
    -- Widgets before pages: who creates a page holds its widget, and might wait for this one while it has the new key.
    perform from public.widget as w
    where w.account_id = _account_id and w.project_id = _project_id
    order by w.id
    for no key update;
    _page := fn.page_of_project(_account_id, _project_id, _id);
    if _page.key = _key then
        return;
    end if;
    -- Before the foreign key's cascade, which takes them in no certain order.
    perform from public.placement as c
    where c.account_id = _account_id and c.page_id = _id
    order by c.id
    for update;
    begin
        update public.page as p set key = _key where p.account_id = _account_id and p.id = _id;
        -- The foreign key has done it, but on Citus, which knows no such key.
        update public.placement as c set key = _key
        where c.account_id = _account_id and c.page_id = _id and c.key <> _key;
    exception
        when unique_violation then
            raise exception 'The project already has a page at that address.' using errcode = 'FB409',
                hint = 'Choose another address, or delete the other page.';
    end;
    if exists (select 1 from public.page as p where p.account_id = _account_id and p.merged_into = _id) then
        perform fn.link_placements(_account_id, _id, fn.uuid_v7(_now));
    end if;
    insert into public.page_key_change (account_id, page_id, renamed_at, from_key, to_key)
    values (_account_id, _id, _now, _page.key, _key)
    on conflict (account_id, page_id, renamed_at) do update set to_key = excluded.to_key;
    perform fn.add_audit_entry(
        _account_id, 'page.renamed', _key, jsonb_build_object('from', _page.key, 'to', _key)
    );
end;
$$;

comment on function fn.rename_page is
'Gives a page another key, such as when an address has moved; the counts of all its placements stay with it. A later response
under the old key creates a new page. FB409 where the project has a page of that key, FB422 for a key of a wrong length; FB404,
FB403.';
