"""Settings of projects, sets and contents; keys; and what is deleted."""

from tests.panel.permissions.cases import Call

CONTENT = "select id as content from content where account_id = $1 order by id limit 1"
SIGNAL = "select id as signal from feelback where account_id = $1 order by id desc limit 1"
KEY = """
    insert into api_key (account_id, id, project_id, kind, token_hash, hint)
    select account_id, fn.uuid_v7(), id, 'read', sha256(id::text::bytea), 'abcd' from project where account_id = $1
    returning id as key
"""
# What a function restores or deletes must be there, or it changes nothing and writes no audit entry.
ARCHIVED_PROJECT = """
    update project set archived_at = now() where account_id = $1 and slug = 'demo' returning id as archived
"""
ARCHIVED_SET = """
    update content_set set archived_at = now() where account_id = $1 and type = 'updown' returning id as archived
"""
ARCHIVED_CONTENT = """
    update content set archived_at = now()
    where account_id = $1 and id = (select id from content where account_id = $1 order by id limit 1)
    returning id as content
"""
TEST_SIGNAL = """
    insert into feelback (account_id, id, content_set_id, content_id, option_no, counted_on, created_at)
    select c.account_id, fn.uuid_v7(), c.content_set_id, c.id, 1, null, now() from content as c
    join content_set as s on s.account_id = c.account_id and s.id = c.content_set_id
    where c.account_id = $1 and s.type = 'updown' limit 1 returning id as signal
"""
SECRET = "'\\x0000000000000000000000000000000000000000000000000000000000000000'::bytea"
OF_SET = "fn.{}({{account}}, {{project}}, {{set}})"
OF_CONTENT = "fn.{}({{account}}, {{project}}, {{content}})"
CALLS = [
    Call("select fn.create_project({account}, 'New', 'new')", "admin"),
    Call("select * from fn.project_settings({account}, {project})"),
    Call("""select fn.change_project({account}, {project}, '{"name": "New"}')""", "admin"),
    Call("select fn.archive_project({account}, {project})", "admin"),
    Call("select fn.restore_project({account}, {project})", "admin", ARCHIVED_PROJECT),
    Call("select fn.discard_project({account}, {project})", "admin"),
    Call("select * from fn.deletions({account}, {project})"),
    Call("select fn.discard_test_feelbacks({account}, {project})", "editor", TEST_SIGNAL),
    Call("select fn.create_content_set({account}, {project}, 'New', 'pulse')", "editor"),
    Call("select * from fn.set_settings({account}, {project}, {set})"),
    Call("""select fn.change_content_set({account}, {project}, {set}, '{"name": "New"}')""", "editor"),
    Call("""select fn.change_options({account}, {project}, {set}, '[{"value": "a"}, {"value": "b"}]')""", "editor"),
    Call(f"select {OF_SET.format('archive_content_set')}", "editor"),
    Call(f"select {OF_SET.format('restore_content_set')}", "editor", ARCHIVED_SET),
    Call(f"select {OF_SET.format('discard_content_set')}", "admin"),
    Call("select fn.rename_content({account}, {project}, {content}, '/new')", "editor", CONTENT),
    Call(f"select {OF_CONTENT.format('content_key_rules')}", ids=CONTENT),
    Call(f"select {OF_CONTENT.format('archive_content')}", "editor", CONTENT),
    Call(f"select {OF_CONTENT.format('restore_content')}", "editor", ARCHIVED_CONTENT),
    Call(f"select {OF_CONTENT.format('discard_content')}", "editor", CONTENT),
    Call("select fn.discard_feelback({account}, {project}, {signal})", "editor", SIGNAL),
    Call(f"select fn.create_api_key({{account}}, {{project}}, 'read', {SECRET}, 'abcd')", "admin"),
    Call("select * from fn.api_keys({account}, {project})"),
    Call("select fn.revoke_api_key({account}, {project}, {key})", "admin", KEY),
]
