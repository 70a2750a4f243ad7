"""Every kind of background work and its handler.

`feelback work --once` goes through them in this order: kinds that enqueue mails before the mails, and mails that
someone is waiting for before recaps.
"""

from typing import Any

from app.recaps.chart_processes import CORES
from app.worker.billing_off import BillingOff
from app.worker.deliveries import Deliveries
from app.worker.drills import Drills
from app.worker.events import Events
from app.worker.exports import Exports
from app.worker.issues import Issues
from app.worker.loop import Handler, Kind, Resources
from app.worker.mails import Mails
from app.worker.merges import Merges
from app.worker.recaps import Recaps


def _billing(resources: Resources) -> Handler[Any]:
    if not resources.settings.stripe_secret_key:
        return BillingOff(resources)
    from app.worker.billing import Billing

    return Billing(resources)


KINDS = (
    Kind("billing", "billing", _billing),
    Kind("export", "export", Exports),
    Kind("merge", "merge", Merges),
    Kind("drill", "backup", Drills),
    Kind("event", "event", Events),
    Kind("delivery", "delivery", Deliveries, most=10, is_finished=True),
    Kind("issue", "issue", Issues, most=4, is_finished=True),
    Kind("mail", "mail", Mails, is_finished=True, is_mail=True),
    # One per core is drawn while two more are read or sent.
    Kind("recap", "mail", Recaps, most=CORES + 2, is_finished=True, is_mail=True),
)
