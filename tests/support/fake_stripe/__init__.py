"""A small Stripe: enough of its HTTP API, its pages and its webhooks for the unmodified library and a browser.

Its state is in `Business`; time passes only by `Business.advance`. `serving` starts it on a port.
"""

from tests.support.fake_stripe.business import Business
from tests.support.fake_stripe.server import serving

__all__ = ["Business", "serving"]
