"""Routes by the rights they need."""

# Routes outside of accounts; those of an account are in tests/panel/permissions/routes.
PUBLIC = {
    "/": 200,
    "/pricing": 200,
    "/privacy": 200,
    "/playground": 200,
    "/changelog": 200,
    "/changelog.xml": 200,
    "/docs": 200,
    "/docs/search": 200,
    "/docs/<page>": 200,
    "/docs/api/<part>": 200,
    "/sitemap.xml": 200,
    "/robots.txt": 200,
    "/.well-known/security.txt": 404,
    "/healthz": 200,
    "/readyz": 200,
    "/sign-in": 200,
    "/sign-up": 200,
    "/claim": 200,
    "/claim/<token>": 200,
    "/reset": 200,
    "/links/<token>": 404,
    "/invitations/<token>": 404,
    "/unsubscribe/<token>": 404,
    "/unsubscribe/replies/<token>": 404,
    "/recaps/confirm/<token>": 404,
    "/demo": 200,
    "/static/<path:name>": 200,
    "/sdk/<name>": 200,
    "/sdk/<version>/<name>": 200,
    "/sdk/languages/<name>": 200,
    "/sdk/<version>/languages/<name>": 200,
}

OWN_PAGES = {
    "/me": 200,
    "/me/email": 200,
    "/me/password": 200,
    "/me/totp": 200,
    "/confirmation": 200,
    "/me/delete": 200,
    "/accounts/new": 200,
    "/message-links/<token>": 404,  # tests/panel/inbox/test_message_links.py has tokens
}

# For operators of the installation; 404 for everybody else.
INSTALLATION_PAGES = (
    "/installation",
    "/installation/accounts",
    "/installation/billing-issues",
    "/installation/insights",
    "/installation/mails",
    "/installation/mails/<uuid:id>",
    "/installation/mails/<uuid:id>/html",
)

INSTALLATION_FORMS = ("/installation/mails/<uuid:id>/reveal", "/installation/billing-issues/<id>/decide")

# Forms that need no sign-in.
OPEN_FORMS = (
    "/claim",
    "/sign-in",
    "/sign-in/link",
    "/sign-in/code",
    "/sign-up",
    "/reset",
    "/links/<token>",
    "/invitations/<token>",
    "/unsubscribe/<token>",
    "/unsubscribe/replies/<token>",
    "/recaps/confirm/<token>",
    "/sign-out",
    "/theme",
)

# Forms that change only the sender's own profile.
OWN_FORMS = (
    "/confirmation",
    "/confirmation/code",
    "/me/email",
    "/me/password",
    "/me/totp",
    "/me/totp/delete",
    "/me/recovery-codes",
    "/me/delete",
    "/me/delete/cancel",
    "/accounts",
    "/accounts/switch",
    "/me/sessions/revoke",
    "/me/sessions/<uuid:id>/revoke",
    "/me/devices/<uuid:id>/remove",
    "/message-links/<token>",
)
