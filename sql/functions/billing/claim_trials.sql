create function fn.claim_trials(_account_id uuid, _subscriptions jsonb, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _subscription jsonb;
    _key record;
    _is_repeated boolean;
    _is_known boolean;
begin
    for _subscription in
        select g from jsonb_array_elements(_subscriptions) as g
        where g ->> 'trial_ends_at' is not null and g ->> 'status' not in ('incomplete', 'incomplete_expired')
        order by g ->> 'created_at', g ->> 'id'
    loop
        _is_repeated := false;
        -- Once decided it stays: a card that is added later does not take away a trial that was given.
        _is_known := exists (
            select 1 from public.trial as t where t.kind = 'account' and t.subscription_id = _subscription ->> 'id'
        );
        for _key in
            select distinct k.kind, sha256(convert_to(v.value, 'UTF8')) as hash
            from (values
                ('account', _account_id::text),
                ('person', coalesce(_subscription ->> 'person_id', (
                    select m.person_id::text from public.member as m where m.account_id = _account_id and m.role = 'owner'
                ))),
                ('card', _subscription ->> 'fingerprint')
            ) as k (kind, value)
            -- The card that a trial was given for may have been replaced before it was looked at.
            cross join lateral unnest(case k.kind
                when 'card' then array(select jsonb_array_elements_text(_subscription -> 'cards')) || k.value
                else array[k.value]
            end) as v (value)
            where v.value <> ''
            order by 1
        loop
            insert into public.trial (kind, hash, subscription_id, used_at)
            values (_key.kind, _key.hash, _subscription ->> 'id', _now)
            on conflict do nothing;
            _is_repeated := _is_repeated or exists (
                select 1 from public.trial as t
                where t.kind = _key.kind and t.hash = _key.hash and t.subscription_id <> _subscription ->> 'id'
            );
        end loop;
        update public.customer_subscription as s
        set is_trial_repeated = _is_repeated
        where s.account_id = _account_id and s.id = _subscription ->> 'id' and not s.is_trial_repeated and _is_repeated and not _is_known
            and s.status = 'trialing';
    end loop;
end;
$$;

comment on function fn.claim_trials is
'Records whose trials an account''s subscriptions are: of the account, the person who subscribed and the customer''s cards. One whose
account, person or card had one with another subscription is marked as repeated, and the worker ends it. Part of fn.update_subscription.';
