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
CALLS = [
    Call("select * from fn.widget_names({account}, {project})"),
    Call("select * from fn.inbox_messages({account}, {project}, 'all', null, null, null, 10)"),
    Call("select * from fn.inbox_message({account}, {project}, {message})", ids=MESSAGE),
    Call("select * from fn.update_messages({account}, {project}, array[{message}::uuid], 'delete')", "editor", MESSAGE),
    Call("select * from fn.undo_message_action({account}, {project}, {act})", "editor", ACT),
]
