-- Called by owner as caller.
create function fn.load_demo(_email text, _password_hash text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _account_id uuid;
    _project_id uuid;
    _widget record;
    _none text;
    _start timestamptz := _now - interval '90 days';
begin
    perform pg_advisory_xact_lock(hashtext('fn.load_demo'));
    if exists (select 1 from public.account as a where a.is_demo) then
        return;
    end if;
    select c.account_id into _account_id from fn.create_account('Demo', _email, _password_hash, _now) as c;
    update public.account set is_demo = true where id = _account_id;
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

    perform fn.create_partitions(_start, 4);
    perform fn.create_partitions(_now);
    perform fn.create_placements(array_agg(_account_id), array_agg(s.id), array_agg(d.key), 1000, _start)
    from public.widget as s cross join fn.demo_page as d
    where s.account_id = _account_id and s.project_id = _project_id;
    with stored as (
        insert into public.response (
            account_id, id, widget_id, placement_id, option_no, counted_on, created_at, visitor, body, fields, context
        )
        select
            _account_id, fn.uuid_v7(s.created_at), c.widget_id, c.id, s.option_no,
            (s.created_at at time zone 'UTC')::date, s.created_at, s.visitor, s.body, s.fields::jsonb, s.context::jsonb
        from fn.demo_responses(_account_id, _project_id, _now) as s
        join public.placement as c
            on c.account_id = _account_id and c.widget_id = s.widget_id and c.key = s.key
        returning account_id, placement_id, option_no, counted_on
    )
    select fn.add_tallies(
        array_agg(account_id), array_agg(placement_id), array_agg(option_no), array_agg(counted_on), array_agg(1)
    )
    into _none
    from stored;
    -- Shown at once, not when the jobs have run.
    perform fn.roll_windows(_account_id, _now);
    while fn.roll_up_tallies(_account_id, 100000) > 0 loop
    end loop;
    refresh materialized view mv.leader;
    refresh materialized view mv.page_leader;
end;
$$;

comment on function fn.load_demo is
'Loads the demo unless it is loaded: account, owner, project, a widget of every type, 90 days of responses. A second concurrent
call waits for the first.';
