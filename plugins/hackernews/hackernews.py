#!/usr/bin/env python3
"""Reads items and users of Hacker News, as https://github.com/HackerNews/API documents them: one a file or a line, or an
array of them. A plugin that is a program; it needs the package pyarrow. What is below the line of dashes is the protocol.
"""

ADA = '{"id": "ada_q", "created": 1600000000, "karma": 341, "about": "invented", "submitted": [101, 103]}'
STORY = ('{"by": "ada_q", "descendants": 3, "id": 101, "kids": [102, 103], "score": 57, "time": 1700000000, '
         '"title": "Show HN: A kettle", "type": "story", "url": "https://kettle.example/"}')
COMMENT = '{"by": "ben_w", "id": 102, "kids": [104], "parent": 101, "text": "It leaks.", "time": 1700000600, "type": "comment"}'
STORY_RECORDS = "post hackernews 101 author=ada_q at=2023-11-14T22:13:20Z comment=2 like=56\n"
COMMENT_RECORDS = ("post hackernews 102 author=ben_w at=2023-11-14T22:23:20Z comment=1\n"
                   "interaction hackernews comment at=2023-11-14T22:23:20Z actor=ben_w object=101 id=102\n")


def case(name, input, records, path="items.jsonl"):
    return {"name": name, "path": path, "input": input, "kind": "items", "records": records}


MANIFEST = {
    "name": "hackernews",
    "docs": "Reads items and users of Hacker News' API.",
    "networks": [{
        "name": "hackernews",
        "kinds": [
            {"name": "comment", "also": ["reply"], "unit": "acts", "docs": "Somebody commented on a post or on a comment.",
             "default_weight": ["weighted", 1.0]},
            {"name": "like", "also": ["point", "upvote"], "unit": "acts", "docs": "Points of a post beside its author's own.",
             "default_weight": ["count", 0.3]},
        ],
        "metrics": [
            {"name": "karma", "unit": "points", "docs": "What others' votes on one's posts and comments add up to.",
             "default_weight": ["latest", 0.5]},
        ],
    }],
    "files": [
        {"name": "items", "patterns": ["*.json", "*.jsonl"], "docs": "Items of /v0/item, users of /v0/user.",
         "yields": "posts with totals, interactions, observations",
         "passed_over": "jobs and poll options, which nobody posts for themselves; what is deleted or dead"},
    ],
    "example": case("a story and a comment on it", STORY + "\n" + COMMENT, STORY_RECORDS + COMMENT_RECORDS),
    "cases": [
        case("a user", ADA, "observation hackernews karma account=ada_q value=341", "user.json"),
        case("an array", f"[{STORY},\n {COMMENT}]", STORY_RECORDS + COMMENT_RECORDS, "items.json"),
        case("no author's name, no date and no kids",
             '{"id": 7, "type": "story", "score": 1, "time": 1700000000}\n{"id": 8, "type": "story", "by": "ada_q"}',
             "post hackernews 7 at=2023-11-14T22:13:20Z like=0\npost hackernews 8 author=ada_q"),
        case("jobs, poll options, the deleted and the dead",
             '{"id": 1, "type": "job", "by": "ada_q", "time": 1700000000, "score": 1}\n'
             '{"id": 2, "type": "pollopt", "by": "ada_q", "poll": 3, "time": 1700000000, "score": 9}\n'
             '{"id": 4, "type": "comment", "deleted": true, "parent": 1, "time": 1700000000}\n'
             '{"id": 5, "type": "story", "dead": true, "by": "ada_q", "time": 1700000000}',
             "pass-over job\npass-over poll option\npass-over deleted or dead item\npass-over deleted or dead item"),
        case("a broken line between two good ones", f'{STORY}\n{{"id": 9, "type": "story", "time": "noon"}}\n{COMMENT}',
             STORY_RECORDS + COMMENT_RECORDS + "reject field `time` is no number of seconds"),
        case("a field of another type", '{"id": 9, "type": "story", "time": 1700000000, "kids": 3}',
             "reject field `kids` is no list"),
    ],
}

TYPES = ("story", "comment", "poll", "job", "pollopt")


def recognise(file):
    """By its first document."""
    text = file.head.decode(errors="replace").lstrip("\ufeff \t\r\n[")
    try:
        first = json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
    if not isinstance(first, dict):
        return None
    number = isinstance(first.get("id"), int)
    is_item = number and first.get("type") in TYPES
    is_user = isinstance(first.get("id"), str) and isinstance(first.get("karma"), int) and "created" in first
    return "items" if is_item or is_user else None


class Items:
    """Reads items and users, in any order."""

    framing = {"cut": "json"}

    def __init__(self, file, kind):
        pass

    def read(self, piece, out):
        item = json.loads(piece)
        if "karma" in item:
            return out.observation("hackernews", "karma", item["id"], item["karma"])
        if item.get("deleted") or item.get("dead"):
            return out.pass_over("deleted or dead item")
        kind = item["type"]
        if kind in ("job", "pollopt"):
            return out.pass_over("job" if kind == "job" else "poll option")
        at, kids, by = item.get("time"), item.get("kids"), item.get("by")
        if at is not None and not isinstance(at, int):
            return out.reject("field `time` is no number of seconds")
        if kids is not None and not isinstance(kids, list):
            return out.reject("field `kids` is no list")
        at = None if at is None else at * 1_000_000
        # Kids are the comments on the item itself; `descendants` counts comments on comments, too.
        totals = {} if kids is None else {"comment": len(kids)}
        if "score" in item:
            # Authors give themselves the first point.
            totals["like"] = max(item["score"] - 1, 0)
        out.post("hackernews", item["id"], by, at, totals=totals)
        if kind == "comment":
            out.interaction("hackernews", "comment", at, actor=by, object=item["parent"], id=item["id"])


# ---- renown_child: the plugin protocol, version 1. Written by `renown new`; there is nothing to change below. ----

import json
import os
import struct
import sys
import traceback
from datetime import datetime, timezone

import pyarrow as pa

_FIRST_LINE = sys._getframe().f_lineno
_INTERACTION, _POST, _NUMBER, _OBSERVATION, _HANDLE, _REJECT, _PASSED_OVER, _UNDO, _CLOSED, _BACK, _MEMBERSHIP = range(11)
_END = 65_379 * 86_400_000_000  # 2149, in microseconds
_COLUMNS = {
    "record": pa.uint8(), "network": pa.uint16(), "word": pa.uint16(), "at": pa.int64(), "observed_at": pa.int64(),
    "actor_text": pa.string(), "target_text": pa.string(), "object_text": pa.string(), "id_text": pa.string(),
    "amount": pa.uint64(), "text": pa.string(), "offset": pa.uint64(), "length": pa.uint64(), "row": pa.uint64(),
}


class BrokenFile(Exception):
    """Raise it with a reason when a file cannot be read at all. The reason names no person, handle or id."""


class Refused(Exception):
    """Raise it with a reason when a formula cannot be made ready so, and with the parameter or feature at fault."""

    def __init__(self, reason, culprit=""):
        super().__init__(reason)
        self.culprit = culprit


def micros(text):
    """Microseconds since 1970 of an ISO 8601 date and time; UTC if it names no zone."""
    time = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith(("Z", "z")) else text)
    since = (time if time.tzinfo else time.replace(tzinfo=timezone.utc)) - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class File:
    """A file before it is read: its path, its first bytes, and where it lies on disk, if it does; once it is opened, the
    options that the manifest declares."""

    def __init__(self, path, head, disk, options=None):
        self.path, self.head, self.disk, self.options = path, head, disk, options

    def sibling(self, relative):
        """The bytes of a file beside it, or None."""
        _send({"sibling": relative})
        answer = _receive()
        return answer["data"] if answer["found"] else None


class Piece(bytes):
    """The bytes of a piece, where they begin in the file, and which part it is."""

    offset, part = None, 0


class Out:
    """Takes the records of a call. Networks, kinds and metrics are given by the names that the manifest declares."""

    def __init__(self, networks, features=()):
        self._networks, self._columns, self._piece = networks, {name: [] for name in _COLUMNS}, None
        self._features = features

    def interaction(self, network, kind, at=None, actor=None, target=None, object=None, id=None, amount=1):
        """An act of `actor` that `target` receives."""
        self._row(_INTERACTION, network, "kinds", kind, at=at, actor_text=actor, target_text=target, object_text=object,
                  id_text=id, amount=amount)

    def post(self, network, id, author=None, at=None, observed_at=None, totals=None):
        """A post, and the totals that it shows, by kind."""
        self._row(_POST, network, object_text=id, target_text=author, at=at, observed_at=observed_at)
        for kind, amount in (totals or {}).items():
            self._row(_NUMBER, network, "kinds", kind, amount=amount)

    def observation(self, network, metric, account, value, at=None):
        """A number beside an account."""
        self._row(_OBSERVATION, network, "metrics", metric, at=at, target_text=account, amount=value)

    def handle(self, network, account, handle):
        """An account's handle, without @."""
        self._row(_HANDLE, network, target_text=account, text=handle)

    def membership(self, network, account, community, at=None):
        """`account` took part in a community, or always does. Older hosts do not take that, and are not told."""
        if "memberships" in self._features:
            self._row(_MEMBERSHIP, network, target_text=account, text=community, at=at)

    def undo(self, network, kind, id, at=None):
        """The act with this id was taken back."""
        self._row(_UNDO, network, "kinds", kind, at=at, id_text=id)

    def undo_post(self, network, id, at=None):
        """A post was taken back."""
        self._row(_UNDO, network, at=at, object_text=id)

    def account(self, network, account, back, at=None):
        """An account was closed, or is there again."""
        self._row(_BACK if back else _CLOSED, network, at=at, target_text=account)

    def reject(self, reason):
        """Says that the piece cannot be read, and why. The reason names no id, handle or text of the record."""
        self._row(_REJECT, text=reason, offset=self._piece.offset, length=len(self._piece))

    def pass_over(self, what):
        """Says that the piece is well-formed and no record; `what` is what it is, in few words."""
        self._row(_PASSED_OVER, text=what)

    def _row(self, record, network=None, words=None, word=None, **values):
        if network is not None:
            place, codes = self._networks[network]
            values.update(network=place, word=codes[words][word] if words else None)
        for name, value in values.items():
            if name.endswith("text"):
                values[name] = None if value is None else str(value)
                (values[name] or "").encode()
            elif value is not None and not (isinstance(value, int) and 0 <= value < 1 << 63):
                raise ValueError(f"{name} is no whole number, or below 0, or too large")
            elif value is not None and name in ("at", "observed_at") and value >= _END:
                raise ValueError(f"{name} is after 2148")
        values["record"] = record
        for name, column in self._columns.items():
            column.append(values.get(name))

    def _read(self, reader, piece):
        rows, self._piece = len(self._columns["record"]), piece
        try:
            reader.read(piece, self)
        except MemoryError:
            raise
        except Exception as error:
            for column in self._columns.values():
                del column[rows:]
            self.reject(_place(error))

    def _stream(self):
        used = [name for name, column in self._columns.items()
                if name in ("record", "word") or any(value is not None for value in column)]
        schema = pa.schema([(name, _COLUMNS[name]) for name in used])
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, schema) as writer:
            arrays = [pa.array(self._columns[name], _COLUMNS[name]) for name in used]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
        return sink.getvalue()


def _place(error):
    """What went wrong and where, but not with which value: that may name somebody."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == __file__]
    own = [line for line in lines if line < _FIRST_LINE] or lines
    return f"{type(error).__name__} at line {own[-1]} of the script"


# Whatever is printed must not stand between messages: it goes to standard error.
_answers = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)


def _send(message, data=b""):
    message["bytes"] = len(data)
    _answers.write(json.dumps(message).encode() + b"\n")
    _answers.write(data)
    _answers.flush()


def _receive():
    line = sys.stdin.buffer.readline()
    if not line:
        sys.exit(0)
    message = json.loads(line)
    message["data"] = sys.stdin.buffer.read(message["bytes"])
    return message


def _pieces(data, count):
    at = 24 * count
    for length, offset, part in struct.iter_unpack("<QQQ", data[:at]):
        piece = Piece(data[at:at + length])
        piece.offset, piece.part = None if offset == (1 << 64) - 1 else offset, part
        at += length
        yield piece


def _rows(data):
    """The rows of a batch of columns, None where a value is missing."""
    batch = pa.ipc.open_stream(data).read_next_batch()
    columns = [column.to_pylist() for column in batch.columns]
    return list(zip(*columns)) if columns else [()] * batch.num_rows


def _column(values):
    """A column of doubles as a stream."""
    batch = pa.RecordBatch.from_arrays([pa.array(values, pa.float64())], names=["results"])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


def _offer(formula, ready):
    return {**formula, "parts": hasattr(ready, "parts")}


def serve(id, version, license, manifest=None, recognise=None, reader=None, formulas=()):
    """Answers the host until it closes standard input.

    `reader(file, kind)` makes a reader: an object with `framing`, such as {"cut": "json"}, and `read(piece, out)`.
    `formulas` are pairs of what a formula says of itself and `ready(features, params)`, which makes an object with
    `points(rows)` and, if the host is not to split points itself, `parts(rows)`: a list of what each value of a row gave."""
    networks = {
        network["name"]: (place, {words: {word["name"]: code for code, word in enumerate(network.get(words, []))}
                                  for words in ("kinds", "metrics")})
        for place, network in enumerate(manifest["networks"] if manifest else [])
    }
    hello = {"protocol": 1, "features": [], "id": id, "version": version, "license": license,
             "formulas": [_offer(*pair) for pair in formulas]}
    readers, states, features = {}, {}, []

    def answer(call):
        if call["call"] == "hello":
            features.extend(call["features"])
            return {"hello": hello}, json.dumps([manifest] if manifest else []).encode()
        if call["call"] == "recognise":
            return {"kind": recognise(File(call["path"], call["data"], call["disk"]))}, b""
        if call["call"] == "open":
            file = File(call["path"], call["data"], call["disk"], call.get("options", {}))
            opened = reader(file, call["kind"])
            readers[call["reader"]] = opened
            return {"framing": opened.framing}, b""
        if call["call"] == "read":
            out = Out(networks, features)
            for piece in _pieces(call["data"], call["pieces"]):
                out._read(readers[call["reader"]], piece)
            return {}, out._stream()
        if call["call"] == "close":
            readers.pop(call["reader"], None)
            return {}, b""
        if call["call"] == "create":
            states[call["state"]] = formulas[call["formula"]][1](call["features"], call["params"])
            return {}, b""
        if call["call"] == "points":
            return {}, _column(states[call["state"]].points(_rows(call["data"])))
        if call["call"] == "parts":
            parts = states[call["state"]].parts(_rows(call["data"]))
            return {}, _column([part for row in parts for part in row])
        if call["call"] == "destroy":
            states.pop(call["state"], None)
            return {}, b""
        raise NotImplementedError

    while True:
        call = _receive()
        try:
            reply, data = answer(call)
        except BrokenFile as error:
            reply, data = {"error": {"code": "data", "message": str(error)}}, b""
        except Refused as error:
            reply, data = {"error": {"code": "invalid", "message": str(error), "context": error.culprit}}, b""
        except Exception as error:
            traceback.print_exc()
            reply, data = {"error": {"code": "internal", "message": _place(error)}}, b""
        _send(reply, data)


if __name__ == "__main__":
    serve("renown-hackernews", "0.1.0", "MIT OR Apache-2.0", MANIFEST, recognise, Items)
