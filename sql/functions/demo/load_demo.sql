-- Called by owner as caller.
create procedure fn.load_demo(_email text, _password_hash text, _now timestamptz default now())
language plpgsql
as $$
#variable_conflict use_column
declare
    _account_id uuid;
    _project_id uuid;
    _widget record;
    _start timestamptz := _now - interval '90 days';
    _widgets record;
    _placements record;
    _responses record;
begin
    -- Several transactions, because two roles must not change the same rows in one where they are distributed. Each does nothing
    -- if what it creates is there, so that a call goes on where another was cut off.
    perform fn.create_partitions(_start, 4);
    perform fn.create_partitions(_now);
    commit;

    perform pg_advisory_xact_lock(hashtext('fn.load_demo'));
    select a.id into _account_id from public.account as a where a.is_demo order by a.created_at, a.id limit 1;
    if _account_id is null then
        select c.account_id into _account_id from fn.create_account('Demo', _email, _password_hash, _now) as c;
        update public.account set is_demo = true where id = _account_id;
    end if;
    commit;

    perform pg_advisory_xact_lock(hashtext('fn.load_demo'));
    perform fn.propagate_actor(_account_id::text, '', '', '');
    select p.id into _project_id from public.project as p where p.account_id = _account_id order by p.created_at, p.id limit 1;
    if _project_id is null then
        _project_id := fn.create_project(_account_id, 'Acorn', 'demo', 'UTC', '{*}', _start);
        for _widget in
            select *
            from (values
                (1, 'Do you like this page?', 'pulse', null, '[]'),
                (2, 'More pages like this?', 'updown', null, '[]'),
                (3, 'Was this helpful?', 'yesno', null, '[]'),
                (4, 'How does it make you feel?', 'reaction', 'github', '[]'),
                (5, 'Rate this page', 'rating', null, '[]'),
                (6, 'Would you recommend us?', 'nps', null, '[]'),
                (7, 'Write to us', 'message', null, '[]'),
                (8, 'Ideas and errors', 'tagged', null, '[]'),
                (9, 'Contact', 'form', null, '[
                    {"name": "name", "kind": "text", "label": "Name", "max": 100},
                    {"name": "email", "kind": "email", "label": "Email", "required": true},
                    {"name": "topic", "kind": "choice", "label": "Topic", "choices": ["Sales", "Support", "Press"]},
                    {"name": "message", "kind": "text", "label": "Message", "required": true, "max": 2000}
                ]')
            ) as s (n, name, type, preset, fields)
            order by n
        loop
            perform fn.create_widget(
                _account_id, _project_id, _widget.name, _widget.type, _preset => _widget.preset, _fields => _widget.fields::jsonb,
                _now => _start + make_interval(secs => _widget.n)
            );
        end loop;
    end if;
    commit;

    perform pg_advisory_xact_lock(hashtext('fn.load_demo'));
    if exists (select 1 from public.placement as c where c.account_id = _account_id) then
        return;
    end if;
    select array_agg(w.id) as ids into _widgets
    from public.widget as w where w.account_id = _account_id and w.project_id = _project_id;
    perform fn.create_placements(array_agg(_account_id), array_agg(w.id), array_agg(d.key), 1000, _start)
    from unnest(_widgets.ids) as w (id) cross join fn.demo_page as d;
    select array_agg(c.id) as ids, array_agg(c.widget_id) as widget_ids, array_agg(c.key) as keys into _placements
    from public.placement as c where c.account_id = _account_id;
    select
        array_agg(_account_id) as account_ids, array_agg(fn.uuid_v7(r.created_at)) as ids, array_agg(p.id) as placement_ids,
        array_agg(p.widget_id) as widget_ids, array_agg(r.option_no) as option_nos,
        array_agg((r.created_at at time zone 'UTC')::date) as days, array_agg(r.created_at) as times,
        array_agg(r.visitor) as visitors, array_agg(r.body) as bodies, array_agg(r.fields::jsonb) as fields,
        array_agg(r.context::jsonb) as contexts, array_agg(1) as counts
    into _responses
    from fn.demo_responses(_account_id, _project_id, _now) as r
    join unnest(_placements.ids, _placements.widget_ids, _placements.keys) as p (id, widget_id, key)
        on p.widget_id = r.widget_id and p.key = r.key;
    insert into public.response (
        account_id, id, widget_id, placement_id, option_no, counted_on, created_at, visitor, body, fields, context
    )
    select
        _account_id, r.id, r.widget_id, r.placement_id, r.option_no, r.day, r.created_at, r.visitor, r.body, r.fields, r.context
    from unnest(
        _responses.ids, _responses.widget_ids, _responses.placement_ids, _responses.option_nos, _responses.days,
        _responses.times, _responses.visitors, _responses.bodies, _responses.fields, _responses.contexts
    ) as r (id, widget_id, placement_id, option_no, day, created_at, visitor, body, fields, context);
    perform fn.add_tallies(
        _responses.account_ids, _responses.placement_ids, _responses.option_nos, _responses.days, _responses.counts
    );
    commit;

    -- Shown at once, not when the jobs have run.
    perform fn.roll_windows(_account_id, _now);
    while fn.roll_up_tallies(_account_id, 100000) > 0 loop
    end loop;
    commit;

    refresh materialized view mv.leader;
    refresh materialized view mv.page_leader;
end;
$$;

comment on procedure fn.load_demo is
'Loads the demo unless it is loaded: account, owner, project, a widget of every type, 90 days of responses. A second concurrent
call waits for the first. FB409 if the address is somebody''s. It commits.';
