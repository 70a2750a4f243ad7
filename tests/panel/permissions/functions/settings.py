"""Settings of projects, widgets and pages; keys; and what is deleted."""

from tests.panel.permissions.cases import Call

PAGE = "select id as page from page where account_id = $1 order by id limit 1"
PLACEMENT = "select id as placement from placement where account_id = $1 order by id limit 1"
RESPONSE = "select id as response from response where account_id = $1 order by id desc limit 1"
KEY = """
    insert into api_key (account_id, id, project_id, kind, token_hash, hint)
    select account_id, fn.uuid_v7(), id, 'read', sha256(id::text::bytea), 'abcd' from project where account_id = $1
    returning id as key
"""
# What a function restores or deletes must be there, or it changes nothing and writes no audit entry.
ARCHIVED_PROJECT = """
    update project set archived_at = now() where account_id = $1 and slug = 'demo' returning id as archived
"""
ARCHIVED_WIDGET = """
    update widget set archived_at = now() where account_id = $1 and type = 'updown' returning id as archived
"""
ARCHIVED_PAGE = """
    update page set archived_at = now()
    where account_id = $1 and id = (select id from page where account_id = $1 order by id limit 1)
    returning id as page
"""
TEST_RESPONSE = """
    insert into response (account_id, id, widget_id, placement_id, option_no, counted_on, created_at)
    select c.account_id, fn.uuid_v7(), c.widget_id, c.id, 1, null, now() from placement as c
    join widget as s on s.account_id = c.account_id and s.id = c.widget_id
    where c.account_id = $1 and s.type = 'updown' limit 1 returning id as response
"""
SECRET = "'\\x0000000000000000000000000000000000000000000000000000000000000000'::bytea"
OF_WIDGET = "fn.{}({{account}}, {{project}}, {{widget}})"
OF_PAGE = "fn.{}({{account}}, {{project}}, {{page}})"
CALLS = [
    Call("select fn.create_project({account}, 'New', 'new')", "admin"),
    Call("select fn.create_named_project({account}, 'New', 'new')", "admin"),
    Call("select * from fn.project_settings({account}, {project})"),
    Call("select * from fn.project_reconciliation({account}, {project})"),
    Call("""select fn.update_project({account}, {project}, '{"name": "New"}')""", "admin"),
    Call("select fn.add_origin({account}, {project}, 'https://new.example')", "admin"),
    Call("select fn.archive_project({account}, {project})", "admin"),
    Call("select fn.unarchive_project({account}, {project})", "admin", ARCHIVED_PROJECT),
    Call("select fn.delete_project({account}, {project})", "admin"),
    Call("select * from fn.deletions({account}, {project})"),
    Call("select * from fn.project_admission({account}, {project})"),
    Call("""select fn.update_project_admission({account}, {project}, '{"network_pages": 7}')""", "admin"),
    Call("select * from fn.page_origins({account}, {project})"),
    Call("select * from fn.matching_pages({account}, {project}, '', 'a', now())"),
    Call("select fn.delete_pages({account}, {project}, '', 'a', now())", "admin"),
    Call("select fn.delete_test_responses({account}, {project})", "editor", TEST_RESPONSE),
    Call("select fn.create_widget({account}, {project}, 'New', 'pulse')", "editor"),
    Call("select * from fn.widget_settings({account}, {project}, {widget})"),
    Call("select * from fn.widget_design({account}, {project}, {widget})"),
    Call("""select fn.edit_widget({account}, {project}, {widget}, '{"name": "New"}')""", "editor"),
    Call("""select fn.update_widget({account}, {project}, {widget}, '{"name": "New"}')""", "editor"),
    Call("""select fn.update_options({account}, {project}, {widget}, '[{"value": "a"}, {"value": "b"}]')""", "editor"),
    Call("select fn.follow_ups({account}, {project}, {widget})"),
    Call("select * from fn.archived_reasons({account}, {project}, {widget})"),
    Call("select fn.widget_reasons({account}, {project}, {widget})"),
    Call(
        """select fn.update_follow_ups({account}, {project}, {widget},
        '[{"option": "+1", "question": "Why?", "reasons": [{"value": "clear"}]}]')""",
        "editor",
    ),
    Call(f"select {OF_WIDGET.format('archive_widget')}", "editor"),
    Call(f"select {OF_WIDGET.format('unarchive_widget')}", "editor", ARCHIVED_WIDGET),
    Call(f"select {OF_WIDGET.format('delete_widget')}", "admin"),
    Call("select fn.rename_page({account}, {project}, {page}, '/new')", "editor", PAGE),
    Call("select fn.retitle_page({account}, {project}, {page}, 'New')", "editor", PAGE),
    Call(f"select {OF_PAGE.format('page_key_rules')}", ids=PAGE),
    Call(f"select {OF_PAGE.format('archive_page')}", "editor", PAGE),
    Call(f"select {OF_PAGE.format('unarchive_page')}", "editor", ARCHIVED_PAGE),
    Call("select fn.delete_placement({account}, {project}, {placement})", "editor", PLACEMENT),
    Call("select fn.delete_project_response({account}, {project}, {response})", "editor", RESPONSE),
    Call(f"select fn.create_api_key({{account}}, {{project}}, 'read', {SECRET}, 'abcd')", "admin"),
    Call("select * from fn.api_keys({account}, {project})"),
    Call("select fn.revoke_api_key({account}, {project}, {key})", "admin", KEY),
]
