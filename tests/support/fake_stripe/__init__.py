"""A small Stripe: enough of its HTTP API, its pages and its webhooks for the unmodified library and a browser.

What it knows lives in `Business`; time passes only by `Business.advance`. `serving` puts it on a port.
"""

from tests.support.fake_stripe.business import Business
from tests.support.fake_stripe.server import serving

__all__ = ["Business", "serving"]
