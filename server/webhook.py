"""The other way in from Zulip: an outgoing webhook, for organizations that prefer it to a queue of events."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Blueprint as Routes
from flask import jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from server import chat_words
from server.addressing import addressed
from server.answering import Answering, Asked
from server.chat import Account, Incoming, UnreachableError
from server.house import House, NotHereError
from server.service.visiting import Manners

LARGEST = 1024 * 1024  # bytes: a message may be long, and comes with what it looks like

log = structlog.get_logger(__name__)


def make_webhook(house: House) -> Routes:
    """The route for Zulip. Whatever comes is answered with 200: Zulip would tell people of anything else.

    What there is to say goes out by the outbox, in order with everything else, and once.
    """
    routes = Routes("zulip", __name__)
    manners = Manners(house.settings.zulip.per_minute)
    answering = Answering(house.database, None, house.settings.base_url, house.clock, manners)
    token = house.settings.zulip_webhook_token

    @routes.post("/zulip/webhook")
    def webhook() -> Response:
        if token is None:
            raise NotHereError("This server takes no webhook from Zulip.")
        payload = _payload()
        said = str(payload.get("token")).encode("utf-8", "replace")
        if hmac.compare_digest(said, token.get_secret_value().encode()):
            _take(answering, payload)
        else:
            log.warning("webhook with a wrong token")
        return jsonify({"response_not_required": True})

    return routes


def _payload() -> Mapping[str, Any]:
    """What was sent, or nothing where it is not what Zulip sends."""
    request.max_content_length = LARGEST
    try:
        payload = request.get_json(silent=True)
    except (HTTPException, RecursionError):  # it is too much, or too deep
        return {}
    return payload if isinstance(payload, dict) else {}


def _take(answering: Answering, payload: Mapping[str, Any]) -> None:
    try:
        message = chat_words.incoming(payload["message"], ("mentioned",))
        me = _bot(payload, message)
    except (KeyError, TypeError, ValueError, OverflowError) as error:  # JSON knows infinity
        log.error("webhook of an unknown shape", error=repr(error))
        return
    text = addressed(message, me)
    if text is None or message.sender_id == me.id:
        return
    try:
        answering.take(Asked(message, text, Account(message.sender_id, message.sender_name)))
    except UnreachableError as error:
        log.error("webhook not taken in", message=message.id, error=str(error))


def _bot(payload: Mapping[str, Any], message: Incoming) -> Account:
    """The bot's account. Zulip does not say its number, but where somebody else gives it."""
    name, email = str(payload["bot_full_name"]), payload["bot_email"]
    there = payload["message"]["display_recipient"]
    numbers = [] if isinstance(there, str) else [int(each["id"]) for each in there if each["email"] == email]
    numbers += [int(number) for number in re.findall(rf"@\*\*{re.escape(name)}\|(\d+)\*\*", message.text)]
    return Account((numbers or [0])[0], name)
