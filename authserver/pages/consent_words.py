"""What the consent page says besides the list: why it is shown, and where the answer goes."""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from authserver import callbacks, consents
from authserver.consents import Question
from authserver.pages.showing import naming
from authserver.standing import Visit


def destination(visit: Visit) -> dict[str, str]:
    """The application's `address`, where the tenant registered one that only its maker can answer at.

    Where the browser goes next (`redirect_host`) is said of strangers, too, and of addresses that prove nothing.
    """
    uri = visit.asked.redirect_uri
    host = urlsplit(uri).netloc or uri
    address = host if callbacks.is_verifiable(uri) else ""
    return {"address": address, "redirect_host": host if not (address and visit.client.is_first_party) else ""}


def reason(visit: Visit, question: Question) -> str:
    """Why this page is shown, in a line (`ux.md` §3)."""
    if question.reason == consents.ASKS_FOR_MORE:
        sentence = _("You are asked because %(name)s wants more than you allowed before.")
    elif question.reason == consents.UNVERIFIABLE:
        sentence = _("You are asked because it cannot be verified that the answer reaches %(name)s: it goes to this device.")
    elif question.reason:
        sentence = _("You are asked because %(name)s wants this for the first time.")
    else:
        sentence = _("You are asked because %(name)s wants you to decide again.")
    return naming(sentence, visit.client.name)
