"""Every kind of background work, and who does it.

`feelback work --once` goes through them in this order, so what puts mails into the outbox comes before the mails, and
what somebody waits for before recaps.
"""

from app.recaps.chart_processes import CORES
from app.worker.billing import Billing
from app.worker.exports import Exports
from app.worker.loop import Kind
from app.worker.mails import Mails
from app.worker.recaps import Recaps

KINDS = (
    Kind("billing", "billing", Billing),
    Kind("export", "export", Exports),
    Kind("mail", "mail", Mails, is_finished=True, is_mail=True),
    # One is drawn on each core, and those that are looked up or sent meanwhile.
    Kind("recap", "mail", Recaps, most=CORES + 2, is_finished=True, is_mail=True),
)
