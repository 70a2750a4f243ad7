"""Recaps of a project."""

from tests.panel.permissions.cases import Route

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
DELIVERY = """
with mails as (
    insert into mail (id, recipient, template, consent, created_at, next_at, outcome, done_at, copies)
    select gen_random_uuid(), o.email, 'recap', fn.recap_consent(p.account_id, p.id, o.id), now(), now(),
        'unknown', now(), 1
    from project as p
    join member as m on m.account_id = p.account_id and m.role = 'owner'
    join person as o on o.id = m.person_id
    where p.account_id = $1 and p.slug = 'demo'
    returning id, consent
)
insert into recap_delivery (account_id, project_id, to_id, unit, starts_on, mail_id, state, updated_at)
select $1, split_part(m.consent, ' ', 3)::uuid, split_part(m.consent, ' ', 4)::uuid, 'week', '2026-11-16', m.id,
    'unknown', now()
from mails as m
returning mail_id
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
