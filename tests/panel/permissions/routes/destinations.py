"""Destinations and their deliveries."""

from tests.panel.permissions.cases import Route
from tests.panel.permissions.functions.destinations import DELIVERY as NEW_DELIVERY
from tests.panel.permissions.functions.destinations import DESTINATION as NEW_DESTINATION

DESTINATION = NEW_DESTINATION.replace(" as destination", " as id")
DELIVERY = NEW_DELIVERY.replace(
    "id as delivery, destination_id as destination", "id as delivery_id, destination_id as id"
)
AT = "/projects/<slug:slug>/destinations"
ONE = f"{AT}/<uuid:id>"
FORM = {"name": "Hook", "type": "webhook", "url": "https://a.example/", "events": "message.created"}
ROUTES = [
    Route("GET", AT),
    Route("POST", AT, "admin", 303, FORM),
    Route("GET", ONE, "admin", ids=DESTINATION),
    Route("POST", ONE, "admin", 303, FORM, DESTINATION),
    Route("POST", f"{ONE}/enable", "admin", 303, ids=DESTINATION),
    Route("POST", f"{ONE}/disable", "admin", 303, ids=DESTINATION),
    Route("POST", f"{ONE}/secret", "admin", 303, ids=DESTINATION),
    Route("POST", f"{ONE}/test", "admin", 303, ids=DESTINATION),
    Route("POST", f"{ONE}/replay", "admin", 303, {"hours": "24"}, DESTINATION),
    Route("POST", f"{ONE}/delete", "admin", 303, ids=DESTINATION),
    Route("GET", f"{ONE}/deliveries/<uuid:delivery_id>", "admin", ids=DELIVERY),
    Route("POST", f"{ONE}/deliveries/<uuid:delivery_id>/resend", "admin", 303, ids=DELIVERY),
]
