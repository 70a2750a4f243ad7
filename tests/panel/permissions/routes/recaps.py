"""Recaps of a project."""

from tests.panel.permissions.cases import Route
from tests.support.drive_recaps import DELIVERY

CLOSED = """
with closed as (
    insert into period_close (account_id, project_id, unit, starts_on)
    select account_id, id, 'week', '2026-11-16' from project where account_id = $1 and slug = 'demo'
    on conflict (account_id, project_id, unit) do update set starts_on = excluded.starts_on
    returning 1
)
select count(*) from closed
"""
RECIPIENT = """
insert into recap_recipient (account_id, id, project_id, email, weekly, monthly, requested_at)
select account_id, gen_random_uuid(), id, 'boss@example.com', true, false, now()
from project where account_id = $1 and slug = 'demo'
returning id
"""
CHART = "select 'trend' as name from account where id = $1"
WEEK = {"period": "week 2026-11-16"}
ROUTES = [
    Route("GET", "/projects/<slug:slug>/recaps"),
    Route("GET", "/projects/<slug:slug>/recaps/preview"),
    Route("GET", "/projects/<slug:slug>/recaps/preview/html", status=422),
    Route("GET", "/projects/<slug:slug>/recaps/preview/<name>.svg", status=422, ids=CHART),
    Route("POST", "/projects/<slug:slug>/recaps/choice", status=303, form={"weekly": "on"}),
    Route("POST", "/projects/<slug:slug>/recaps/mail", status=303, form=WEEK, ids=CLOSED),
    Route(
        "POST", "/projects/<slug:slug>/recaps/recipients", "admin", 303,
        {"email": "boss@example.com", "weekly": "on"},
    ),
    Route("POST", "/projects/<slug:slug>/recaps/recipients/<uuid:id>/delete", "admin", 303, ids=RECIPIENT),
    Route("POST", "/projects/<slug:slug>/recaps/deliveries/<uuid:mail_id>/resend", "admin", 303, ids=DELIVERY),
]  # fmt: skip
