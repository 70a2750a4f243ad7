-- Called by ingest as installation.
create function fn.check_writes(_machine text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.uuid_v7(_now);
    _total bigint;
begin
    -- Accounts are written to all nodes of a cluster, and one that is down refuses its own alone.
    if not fn.is_distributed() then
        -- A response of an account that nobody else ever sees: the exception takes all of it back.
        begin
            insert into public.account (id, name) values (_id, 'Write check');
            insert into public.project (account_id, id, slug, name, time_zone, created_at)
            values (_id, _id, 'write-check', 'Write check', 'UTC', _now);
            insert into public.widget (account_id, id, project_id, name, type)
            values (_id, _id, _id, 'Write check', 'updown');
            perform fn.create_options(_id, _id, 'updown', fn.preset_options('updown', null));
            perform fn.ingest_responses(
                array[_id], array[_id], array['write-check'], array[_id],
                array[(extract(epoch from _now) * 1000)::bigint], array[(_now at time zone 'UTC')::date], array[1::smallint],
                null, null, null, null, null, null, null, 1, null
            );
            select t.total into strict _total from fn.tallies(array[_id], array[_id], array['write-check']) as t;
            raise exception using errcode = 'FB000';
        exception when sqlstate 'FB000' then
            if _total is distinct from 1 then
                raise exception 'A response was stored and not counted.' using errcode = 'data_exception';
            end if;
        end;
    end if;
    -- This is committed, to the standby too where commits wait for one.
    insert into public.write_check (machine, checked_at) values (_machine, _now)
    on conflict (machine) do update set checked_at = excluded.checked_at;
    delete from public.write_check as c where c.checked_at < _now - interval '1 day';
end;
$$;

comment on function fn.check_writes is
'Stores a response, reads its count and takes it back; then commits that this machine could. Raises what prevents it. Where accounts are
distributed over nodes, it commits alone.';
