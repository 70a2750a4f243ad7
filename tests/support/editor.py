"""The editor of a widget, without JavaScript."""

from tests.support.browser import Browser

AT = "/projects/demo/widgets"


async def edit(owner: Browser, action: str, command: str, **changes: str) -> None:
    """Press a button that changes rows, which stores nothing."""
    response = await owner.post(action, {**owner.form(action), **changes, "edit": command})
    assert response.status_code == 200
