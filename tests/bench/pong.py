"""The floor under a bot: it answers every message with a word, and keeps nothing.

Run with a `zuliprc`: `python -m tests.bench.pong FILE`.
"""

from __future__ import annotations

import sys
from typing import Any

import zulip


def answer(client: zulip.Client, message: dict[str, Any]) -> None:
    where = {"type": "direct", "to": [message["sender_id"]]}
    if message["type"] == "stream":
        where = {"type": "stream", "to": message["stream_id"], "topic": message["subject"]}
    client.send_message({**where, "content": "pong"})


def main(zuliprc: str) -> None:
    client = zulip.Client(config_file=zuliprc, retry_on_errors=False)
    me = client.get_profile()["user_id"]
    queue = client.register(event_types=["message"], apply_markdown=False)
    last = queue["last_event_id"]
    while True:
        for event in client.get_events(queue_id=queue["queue_id"], last_event_id=last)["events"]:
            last = event["id"]
            if event["type"] == "message" and event["message"]["sender_id"] != me:
                answer(client, event["message"])


if __name__ == "__main__":
    main(sys.argv[1])
