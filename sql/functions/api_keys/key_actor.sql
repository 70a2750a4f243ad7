-- Called by app as installation.
create function fn.key_actor(_token_hash bytea, _requests integer, _period interval, _now timestamptz default now())
returns table (
    account_id uuid, project_id uuid, api_key_id uuid, kind text, is_over boolean, remaining integer, reset_seconds integer
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _interval interval := _period / _requests;
    _free_at timestamptz;
    _account_id uuid := fn.directory_account('api_key', _token_hash);
begin
    select k.account_id, k.project_id, k.id, k.kind into account_id, project_id, api_key_id, kind
    from public.api_key as k
    where k.account_id = _account_id and k.token_hash = _token_hash and k.revoked_at is null
        and (k.expires_at is null or k.expires_at > _now);
    if not found then
        return;
    end if;
    update public.api_key as k set last_used_at = _now
    where k.account_id = key_actor.account_id and k.id = key_actor.api_key_id
        and (k.last_used_at is null or k.last_used_at < _now - interval '1 minute');
    is_over := false;
    if _requests is not null then
        -- Counted as in fn.take_attempt.
        insert into public.attempt as a (key, free_at)
        values (sha256(_token_hash || convert_to('requests', 'UTF8')), _now + _interval)
        on conflict (key) do update set free_at = greatest(a.free_at, _now) + _interval
        where greatest(a.free_at, _now) + _interval <= _now + _period
        returning a.free_at into _free_at;
        is_over := not found;
        if is_over then
            select a.free_at into _free_at from public.attempt as a
            where a.key = sha256(_token_hash || convert_to('requests', 'UTF8'));
        end if;
        remaining := greatest(0, floor(extract(epoch from _now + _period - _free_at) / extract(epoch from _interval)))::integer;
        reset_seconds := greatest(1, ceil(extract(epoch from case
            when is_over then _free_at + _interval - _period else _free_at
        end - _now)))::integer;
    end if;
    return next;
end;
$$;

comment on function fn.key_actor is
'The owner of a valid API key, by its SHA-256, recorded as used to a minute; no row for an unknown, revoked or expired key.
Counts one of _requests per _period (null: unlimited) across all machines: whether the limit is exceeded, how many requests
remain, and in how many seconds all are available again, or one where the limit is exceeded.';
