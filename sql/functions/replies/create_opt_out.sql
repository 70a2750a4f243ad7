-- Called by app as installation.
create function fn.create_opt_out(_account_id uuid, _address_hash bytea, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _mail_ids uuid[];
begin
    perform fn.lock_address(_account_id, _address_hash);
    insert into public.opt_out (account_id, address_hash, created_at)
    select a.id, _address_hash, _now from public.account as a where a.id = _account_id
    on conflict (account_id, address_hash) do nothing;
    with ended as (
        update public.mail as m
        set outcome = 'failed', done_at = _now, last_error = 'the visitor asked for no more email', phase = null
        from public.reply as r
        -- One that is being handed over cannot be stopped any more.
        where r.account_id = _account_id and r.address_hash = _address_hash and m.reply_account_id = r.account_id
            and m.reply_id = r.id and m.outcome is null and m.copies = 0
        returning m.id
    )
    select array_agg(e.id) into _mail_ids from ended as e;
    perform fn.record_delivery(i.id, _now) from unnest(_mail_ids) as i (id);
end;
$$;

comment on function fn.create_opt_out is
'Records that a visitor wants no more mail from an account, and stops replies to them that wait. Does nothing the second time.';
