"""Exports."""

from tests.panel.permissions.cases import Call

EXPORT = """
    insert into export (account_id, id, project_id, person_id, kind, format, requested_at, expected, done_at, parts)
    select $1, gen_random_uuid(), p.id, gen_random_uuid(), 'days', 'csv', now(), 0, now(), 1 from project as p
    where p.account_id = $1 and p.slug = 'demo' returning id as export
"""
PART = f"""
    with e as ({EXPORT}), t as (
        insert into export_part (account_id, export_id, no, body) select $1, export, 1, '\\x789c030000000001' from e
    )
    select export from e
"""
LAST = "'ffffffff-ffff-ffff-ffff-ffffffffffff'"
CALLS = [
    Call("select * from fn.begin_export({account}, {project}, 'days', 'csv', null, null, null)"),
    Call("select * from fn.expected_rows({account}, {project}, 'responses', null, null, null)"),
    Call("select * from fn.export_slice({account}, {project}, 'pages', null, null, null, null, 10)"),
    Call("select * from fn.exported_fields({account}, {project}, null)"),
    Call("select * from fn.exports({account}, {project})"),
    Call("select * from fn.request_export({account}, {project}, 'days', 'csv', null, null, '', null, null, '')"),
    Call("select * from fn.take_export({account}, {project}, {export})", ids=EXPORT),
    Call("select * from fn.export_part({account}, {project}, {export}, 1)", ids=PART),
    Call("select * from fn.delete_export({account}, {project}, {export})", "editor", EXPORT),
    *(
        Call(f"select * from fn.exported_{kind}({{account}}, {{project}}, null, null, {rest}, null, {LAST}, true)")
        for kind, rest in {
            "responses": "'', null, null, ''",
            "pages": "''",
            "windows": "''",
            "periods": "null, null, ''",
            "days": "'', null, null, ''",
        }.items()
    ),
]
