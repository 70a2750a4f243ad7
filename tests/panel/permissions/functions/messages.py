"""The inbox."""

from tests.panel.permissions.cases import Call

MESSAGE = """
    select f.id as message from response as f
    join widget as s on s.account_id = f.account_id and s.id = f.widget_id
    where f.account_id = $1 and s.type = 'message' order by f.id desc limit 1
"""
ACT = """
    insert into message_action (account_id, id, project_id, action, acted_at, response_ids, folders, were_read,
    were_starred)
    select $1, gen_random_uuid(), p.id, 'delete', now(), '{}', '{}', '{}', '{}' from project as p
    where p.account_id = $1 and p.slug = 'demo' returning id as act
"""
TAG = """
    insert into tag (account_id, id, project_id, name, created_at)
    select account_id, gen_random_uuid(), id, 'Bug', now() from project where account_id = $1 and slug = 'demo'
    returning id as tag
"""
NOTE = """
    with m as (
        select f.account_id, f.id, s.project_id, s.id as widget_id from response as f
        join widget as s on s.account_id = f.account_id and s.id = f.widget_id
        where f.account_id = $1 and s.type = 'message' order by f.id desc limit 1
    ), state as (
        insert into message_state (account_id, response_id, project_id, widget_id, moved_at)
        select account_id, id, project_id, widget_id, now() from m on conflict do nothing
    ), triage as (
        insert into triage (account_id, response_id, project_id) select account_id, id, project_id from m
    )
    insert into note (account_id, id, project_id, response_id, body, created_at)
    select account_id, gen_random_uuid(), project_id, id, 'A note', now() from m
    returning response_id as message, id as note
"""
WITH_TRIAGE = NOTE.partition("insert into note")[0].rstrip()
REPLY = f"""
    {WITH_TRIAGE}
    insert into reply (
        account_id, id, project_id, response_id, body, is_fix, address_hash, message_id, created_at, updated_at
    )
    select account_id, gen_random_uuid(), project_id, id, 'A reply', false, sha256(''), '<a@b>', now(), now() from m
    returning response_id as message
"""
ADDRESS = """
    with message as (
        select f.id from response as f join widget as s on s.account_id = f.account_id and s.id = f.widget_id
        where f.account_id = $1 and s.type = 'message' order by f.id desc limit 1
    )
    update response as f set contact = 'ada@example.com' from message as m
    where f.account_id = $1 and f.id = m.id
    returning f.id as message, f.contact,
        (select person_id from member where account_id = $1 and role = 'owner' limit 1) as person
"""
TRACKER = """
    insert into tracker (account_id, project_id, type, url, path, token, hook_id, hook_secret, title, body, created_at)
    select account_id, id, 'github', 'https://github.com', 'a/b', 'x', gen_random_uuid(), 'x', 't', 'b', now()
    from project where account_id = $1 and slug = 'demo' returning hook_id as hook
"""
ISSUE = f"""
    {WITH_TRIAGE}, tracker as ({TRACKER}), issue as (
        insert into issue (account_id, id, project_id, response_id, created_at)
        select account_id, gen_random_uuid(), project_id, id, now() from m
    )
    select id as message from m
"""
WITH_TRACKER = f"{WITH_TRIAGE}, tracker as ({TRACKER}) select id as message from m"
VIEW = """
    insert into saved_view (account_id, id, project_id, name, query, created_at)
    select account_id, gen_random_uuid(), id, 'Open', 'status=open', now() from project
    where account_id = $1 and slug = 'demo' returning id as view
"""
CALLS = [
    Call("select * from fn.widget_names({account}, {project})"),
    Call("select * from fn.inbox_messages({account}, {project}, 'all', null, null, null, 10)"),
    Call("select * from fn.inbox_message({account}, {project}, {message})", ids=MESSAGE),
    Call("select * from fn.update_messages({account}, {project}, array[{message}::uuid], 'delete')", "editor", MESSAGE),
    Call("select * from fn.undo_message_action({account}, {project}, {act})", "editor", ACT),
    Call(
        "select * from fn.triage_messages({account}, {project}, array[{message}::uuid], 'resolved')", "editor", MESSAGE
    ),
    Call("select * from fn.triage_labels({account}, {project}, null, {tag})", ids=TAG),
    Call("select * from fn.tags({account}, {project})", ids=TAG),
    Call("select fn.create_tag({account}, {project}, 'Idea')", "editor"),
    Call("select fn.update_tag({account}, {project}, {tag}, 'Idea')", "editor", TAG),
    Call("select fn.delete_tag({account}, {project}, {tag})", "editor", TAG),
    Call("select * from fn.notes({account}, {project}, {message})", ids=NOTE),
    Call("select fn.create_note({account}, {project}, {message}, 'A note')", "editor", MESSAGE),
    Call("select * from fn.replies({account}, {project}, {message})", ids=REPLY),
    Call("select fn.is_opted_out({account}, {project}, sha256(''))"),
    Call(
        "select fn.create_reply({account}, {project}, {message}, 'A reply', false, {contact}, 'ada@example.com',"
        " sha256(''), {person}, 'example.com')",
        "editor",
        ADDRESS,
    ),
    Call("select * from fn.tracker({account}, {project})", ids=TRACKER),
    Call("select * from fn.issue({account}, {project}, {message})", ids=ISSUE),
    Call("select fn.create_issue({account}, {project}, {message})", "editor", WITH_TRACKER),
    Call(
        "select fn.update_tracker({account}, {project}, 'forgejo', 'https://a.example', 'a/b', 'x', {hook}, 'x', '{}',"
        " 't', 'b', '')",
        "admin",
        TRACKER,
    ),
    Call(
        "select fn.update_tracker({account}, {project}, 'github', 'https://github.com', 'a/c', null, {hook}, 'x', '{}',"
        " 't', 'b', '', _installation_id => 7)",
        "admin",
        TRACKER,
    ),
    Call("select * from fn.issues({account}, {project})", ids=ISSUE),
    Call("select fn.delete_issue({account}, {project}, {message})", "editor", ISSUE),
    Call("select fn.update_hook_secret({account}, {project}, 'x')", "admin", TRACKER),
    Call("select fn.delete_tracker({account}, {project})", "admin", TRACKER),
    Call("select fn.delete_note({account}, {project}, {note})", "admin", NOTE),
    Call("select * from fn.similar_messages({account}, {project}, {message})", ids=MESSAGE),
    Call("select * from fn.group_messages({account}, {project}, {message})", ids=MESSAGE),
    Call("select * from fn.saved_views({account}, {project})", ids=VIEW),
    Call("select fn.create_saved_view({account}, {project}, 'Open', 'status=open')", "editor"),
    Call("select fn.update_saved_view({account}, {project}, {view}, 'All open')", "editor", VIEW),
    Call("select fn.delete_saved_view({account}, {project}, {view})", "editor", VIEW),
]
