"""Sends events to Uproar and loses none while it restarts. Needs nothing but Python."""

import collections
import http.client
import itertools
import json
import threading
import time
import urllib.error
import urllib.request
import uuid

PAID = {"gift", "giftStreakEnd", "subscribe"}
MAX_WAITING = 20_000
MAX_COMBOS = 2_000
BATCH_EVENTS = 200
BATCH_BYTES = 500_000
LONGEST_WAIT_S = 10


class Outbox:
    """Takes events at any time; a thread of its own sends them, in order, and again until Uproar answers.

    Every event has an id, and keeps it when it is sent again, so that Uproar counts it once.
    """

    def __init__(self, url, token, say=print):
        self._url = url.rstrip("/") + "/api/ingest"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        # No proxy: Uproar is on this machine or in this network.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._say = say
        self._own_ids = (f"{uuid.uuid4().hex}-{number}" for number in itertools.count())
        self._waiting = collections.deque()
        self._combos = collections.OrderedDict()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def send(self, event):
        """Queues one event. When too many wait, the oldest that nobody paid for is forgotten."""
        event = {"id": next(self._own_ids), "ts": int(time.time() * 1000), **event}
        with self._changed:
            for one in (*self._step_before(event), event):
                self._waiting.append((json.dumps(one), one["type"] in PAID))
            while len(self._waiting) > MAX_WAITING:
                self._forget_one()
            self._changed.notify()

    def close(self, within_s=10):
        """Sends what waits, for at most so long; True when nothing is left."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(within_s)
        return not self._waiting

    def _step_before(self, event):
        """The furthest step before this one of the same combo, sent once more.

        An Uproar that was restarted in between knows its id from the ledger, and so how much of the combo it has counted.
        """
        if event["type"] != "gift" or "streakTotal" not in event:
            return []
        name = (event["viewer"]["id"], event["gift"]["id"], event["streakKey"])
        before = self._combos.get(name)
        if not event["streakKey"] and before and event["streakTotal"] < before["streakTotal"]:
            before = None  # the next combo of those without a name
        # Only a step that added something is in the ledger.
        if before is None or event["streakTotal"] > before["streakTotal"]:
            self._combos[name] = event
            self._combos.move_to_end(name)
        if event.get("streakEnd") and not event["streakKey"]:
            self._combos.pop(name, None)
        if len(self._combos) > MAX_COMBOS:
            self._combos.popitem(last=False)
        return [] if before is None else [before]

    def _forget_one(self):
        for index, (_text, is_paid) in enumerate(self._waiting):
            if not is_paid:
                del self._waiting[index]
                return
        self._say("Too many gifts wait for Uproar; the oldest is lost: " + self._waiting.popleft()[0])

    def _run(self):
        wait_s = 0.25
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                batch = self._next_batch()
            if self._deliver(batch):
                wait_s = 0.25
                with self._changed:
                    for item in batch:
                        # Unless it was forgotten meanwhile.
                        if self._waiting and self._waiting[0] is item:
                            self._waiting.popleft()
            else:
                time.sleep(wait_s)
                wait_s = min(LONGEST_WAIT_S, wait_s * 2)

    def _next_batch(self):
        batch, size = [], 0
        for item in itertools.islice(self._waiting, BATCH_EVENTS):
            size += len(item[0])
            if batch and size > BATCH_BYTES:
                break
            batch.append(item)
        return batch

    def _deliver(self, batch):
        """True when Uproar has answered for every event of the batch."""
        body = "[" + ",".join(text for text, _is_paid in batch) + "]"
        request = urllib.request.Request(self._url, body.encode(), self._headers)
        try:
            with self._opener.open(request, timeout=10) as response:
                rejected = json.load(response)["rejected"]
        except urllib.error.HTTPError as error:
            self._say(f"Uproar answers {error.code}: {error.read(500).decode(errors='replace')}")
            # What is no event stays none. All else may change: a stopped show, a wrong token.
            return error.code == 400
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
            self._say(f"Uproar does not answer at {self._url} ({error!r}); {len(self._waiting)} events wait.")
            return False
        for refused in rejected:
            self._say(f"Uproar refuses an event: {refused['reason']} {batch[refused['index']][0]}")
        return True
