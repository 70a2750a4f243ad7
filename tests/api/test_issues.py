"""Issues on `/v1`: opened for a message, listed, read and unlinked."""

from tests.support.api_tenants import Tenant, ask
from tests.support.serving import Api

OF = "/v1/projects/{project}"


async def test_an_issue_is_opened_once_listed_read_and_unlinked(api: Api, tenants: list[Tenant]) -> None:
    own, other = tenants[0], tenants[2]
    at, of_message = own.filled(f"{OF}/issues"), own.filled(f"{OF}/responses/{{response}}/issue")
    issue = (await ask(api, own.read, "GET", of_message)).json()
    assert {**issue, "id": "", "nextAt": ""} == {
        "id": "", "state": "opening", "number": None, "url": None, "problem": None, "nextAt": "",
    }  # fmt: skip
    again = await ask(api, own.write, "POST", of_message)
    assert (again.status, again.json()["id"]) == (202, issue["id"])
    await api.pool.execute(
        "update issue set state = 'failed', problem = 'suspended', next_at = null where project_id = $1", own.project.id
    )
    (row,) = (await ask(api, own.read, "GET", at)).json()["items"]
    assert (row["id"], row["response"], row["state"]) == (issue["id"], own.message, "failed")
    assert row["problem"] == "The GitHub App is suspended there."
    assert (await ask(api, own.read, "GET", at, query="limit=1")).json()["next"] == issue["id"]
    assert (await ask(api, own.read, "GET", at, query=f"cursor={issue['id']}")).json()["items"] == []
    for key in (other.write, tenants[1].write):
        for method, path in (("GET", at), ("GET", of_message), ("POST", of_message), ("DELETE", of_message)):
            assert (await ask(api, key, method, path)).status in (403, 404), (method, path)
    assert (await ask(api, own.read, "DELETE", of_message)).status == 403
    assert (await ask(api, own.write, "DELETE", of_message)).status == 204
    assert (await ask(api, own.write, "DELETE", of_message)).status == 404
    assert (await ask(api, own.read, "GET", of_message)).status == 404
    assert (await ask(api, own.read, "GET", at)).json()["items"] == []
    sql = "select what from audit where what like 'issue.%' and account_id = $1"
    entries = await api.pool.fetch(sql, own.project.account_id)
    assert "issue.deleted" in [entry["what"] for entry in entries]


async def test_a_project_without_a_tracker_opens_none(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    of_message = own.filled(f"{OF}/responses/{{response}}/issue")
    await api.pool.execute("select fn.delete_tracker($1, $2)", own.project.account_id, own.project.id)
    answer = await ask(api, own.write, "POST", of_message)
    assert (answer.status, "not connected" in answer.json()["message"]) == (409, True)
    votes = of_message.replace(own.message, own.response)
    assert (await ask(api, own.write, "POST", votes)).status == 404
