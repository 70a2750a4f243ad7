create function fn.directory_account(_kind text, _lookup_key bytea) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _account_id uuid;
begin
    select d.account_id into _account_id from public.directory as d where d.lookup_key = _lookup_key;
    if found then
        return _account_id;
    end if;
    -- By an index, of every shard on Citus: what is looked up seldom, and what a version before created.
    case _kind
    when 'widget' then
        select w.account_id into _account_id from public.widget as w where w.id = encode(_lookup_key, 'hex')::uuid;
    when 'api_key' then
        select k.account_id into _account_id from public.api_key as k where k.token_hash = _lookup_key limit 1;
    when 'placement' then
        select c.account_id into _account_id from public.placement as c where c.id = encode(_lookup_key, 'hex')::uuid;
    when 'tracker' then
        select t.account_id into _account_id from public.tracker as t where t.hook_id = encode(_lookup_key, 'hex')::uuid;
    when 'invitation' then
        select i.account_id into _account_id from public.invitation as i where i.token_hash = _lookup_key limit 1;
    when 'recap_recipient' then
        select r.account_id into _account_id from public.recap_recipient as r where r.token_hash = _lookup_key limit 1;
    end case;
    return _account_id;
end;
$$;

comment on function fn.directory_account is
'The account of something, for callers that do not know it: a widget, placement or tracker by the bytes of its id (a tracker''s is hook_id),
an api_key, invitation or recap_recipient by its token_hash. Null where there is none. It may be of something deleted: then the account has no such row.';
