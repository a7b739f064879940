"""Forwards what happens on a TikTok LIVE, as TikTokLive hears it, to Uproar: python forward.py @streamer"""

import asyncio
import os
import sys

from TikTokLive import TikTokLiveClient
from TikTokLive import events as tiktok_events

from mapping import BUILDERS, to_uproar
from outbox import Outbox

OFFLINE_S = 60  # each look whether someone is live costs a little of a small quota
RECONNECT_S = 10


async def follow_once(streamer, outbox):
    """Forwards one connection's events until it ends."""
    client = TikTokLiveClient(unique_id=streamer)
    room_id = ""

    async def forward(event):
        nonlocal room_id
        message = to_uproar(type(event).__name__, event)
        if message is None:
            return
        room_id = message.setdefault("roomId", room_id)
        outbox.send(message)

    for name in BUILDERS:
        event_class = getattr(tiktok_events, name, None)  # not every version has every event
        if event_class is not None:
            client.add_listener(event_class, forward)
    # What happened before we came is not played again.
    await client.connect(process_connect_events=False)


async def main(streamer, outbox):
    while True:
        wait_s = RECONNECT_S
        try:
            await follow_once(streamer, outbox)
            print(f"The connection to {streamer} has ended.")
        except Exception as error:  # the library has many kinds, and after each we try again
            wait_s = OFFLINE_S
            print(f"{streamer} cannot be heard now: {type(error).__name__}: {error}")
        await asyncio.sleep(wait_s)


if __name__ == "__main__":
    token = os.environ.get("UPROAR_INGEST_TOKEN")
    if len(sys.argv) != 2 or not token:
        sys.exit("Set UPROAR_INGEST_TOKEN to Uproar's ingest token, then run: python forward.py @streamer")
    to_send = Outbox(os.environ.get("UPROAR_URL", "http://127.0.0.1:2567"), token)
    try:
        asyncio.run(main(sys.argv[1], to_send))
    except KeyboardInterrupt:
        print("Stopped." if to_send.close() else "Stopped; not all events were sent.")
