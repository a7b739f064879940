"""Sends events to Uproar and loses none while it restarts. Needs nothing but Python."""

import collections
import http.client
import itertools
import json
import threading
import time
import urllib.parse
import uuid

PAID = {"gift", "giftStreakEnd", "subscribe"}
MAX_WAITING = 20_000
MAX_COMBOS = 2_000
MAX_ANSWERED = 2_000
BATCH_EVENTS = 200
BATCH_BYTES = 500_000
LONGEST_WAIT_S = 10
IDLE_S = 4  # Uproar itself closes a connection on which nothing is sent for 5 s


class Outbox:
    """Takes events at any time; a thread of its own sends them, in order, and again until Uproar answers.

    Every event has an id, and keeps it when it is sent again, so that Uproar counts it once. Uproar may be killed before it has written
    down what it answered for: so whenever a connection is opened, what was paid in the last `again_s` seconds is sent once more.
    """

    def __init__(self, url, token, say=print, again_s=30):
        address = urllib.parse.urlsplit(url)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(address.hostname, address.port, timeout=10)
        self._used_at = 0.0
        self._url = url.rstrip("/") + "/api/ingest"
        self._path = address.path.rstrip("/") + "/api/ingest"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._say = say
        self._again_s = again_s
        self._answered = collections.deque()
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
        """The furthest step before this one of the same combo, to be sent once more, however long ago it was.

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
            try:
                self._connect()
                with self._changed:
                    batch = self._next_batch()
                if self._deliver(batch):
                    self._forget(batch)
                    wait_s = 0.25
                    continue
            except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
                self._connection.close()
                self._say(f"Uproar does not answer at {self._url} ({error!r}); {len(self._waiting)} events wait.")
            time.sleep(wait_s)
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)

    def _connect(self):
        """Opens a connection unless one is open. Who answers on a new one may have forgotten what it answered last."""
        if time.monotonic() - self._used_at > IDLE_S:
            self._connection.close()
        if self._connection.sock is not None:
            return
        self._connection.connect()
        self._used_at = time.monotonic()
        with self._changed:
            self._waiting.extendleft(item for at, item in reversed(self._answered) if self._is_recent(at))
        self._answered.clear()

    def _is_recent(self, at):
        return time.monotonic() - at < self._again_s

    def _forget(self, batch):
        """Takes out what was answered for, and keeps what was paid a little longer."""
        now = time.monotonic()
        with self._changed:
            for item in batch:
                # Unless it was forgotten meanwhile.
                if self._waiting and self._waiting[0] is item:
                    self._waiting.popleft()
        self._answered.extend((now, item) for item in batch if item[1])
        while self._answered and (len(self._answered) > MAX_ANSWERED or not self._is_recent(self._answered[0][0])):
            self._answered.popleft()

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
        self._connection.request("POST", self._path, body.encode(), self._headers)
        response = self._connection.getresponse()
        answer = response.read()
        self._used_at = time.monotonic()
        if response.status != 202:
            self._say(f"Uproar answers {response.status}: {answer[:500].decode(errors='replace')}")
            # What is no event stays none. All else may change: a stopped show, a wrong token.
            return response.status == 400
        for refused in json.loads(answer)["rejected"]:
            self._say(f"Uproar refuses an event: {refused['reason']} {batch[refused['index']][0]}")
        return True
