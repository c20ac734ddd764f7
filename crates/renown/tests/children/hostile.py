#!/usr/bin/env python3
"""A program that is well-behaved but for what MODE says."""

import json
import os
import socket
import subprocess
import sys
import threading
import time

MODE = "well"
MANIFEST = {
    "name": "hostile", "docs": "Lines.", "networks": [{"name": "net", "kinds": [
        {"name": "like", "unit": "acts", "docs": "A like.", "default_weight": ["weighted", 1.0]}]}],
    "files": [{"name": "lines", "docs": "Lines."}],
    "example": {"name": "one", "path": "a.hostile", "input": "x", "kind": "lines"},
}
out = sys.stdout.buffer


def send(message, data=b"", announced=None):
    message["bytes"] = len(data) if announced is None else announced
    out.write(json.dumps(message).encode() + b"\n" + data)
    out.flush()


def stream(batches=1, rows=1, text=False):
    import pyarrow as pa
    columns = {"record": pa.array([0] * rows, pa.uint8()), "word": pa.array([0] * rows, pa.uint16()),
               "actor_text": pa.array(["ada"] * rows, pa.string()), "target_text": pa.array(["ben"] * rows, pa.string())}
    if text:
        columns["target_text"] = pa.array([["ben"]] * rows, pa.list_(pa.string()))
    batch = pa.RecordBatch.from_pydict(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        for _ in range(batches):
            writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def hello():
    hello = {"protocol": 1, "id": "hostile", "version": "1.0.0", "license": "MIT"}
    if MODE == "hello exits":
        print("no such module: kettle", file=sys.stderr)
        sys.exit(3)
    if MODE == "hello silence":
        time.sleep(1000)
    if MODE == "hello early":
        print("loading the model ...", flush=True)
    if MODE == "hello endless line":
        while True:
            out.write(b"x" * 65536)
    if MODE == "hello version":
        hello["protocol"] = 2
    if MODE == "hello id":
        hello["id"] = "../Hostile"
    if MODE == "hello huge":
        return send({"hello": hello}, announced=1 << 40)
    if MODE == "hello manifest":
        return send({"hello": hello}, b"{}")
    if MODE == "hello nobody":
        return send({})
    send({"hello": hello}, json.dumps([MANIFEST]).encode())


def is_refused(act):
    try:
        act()
    except OSError:
        return True
    return False


def read():
    if MODE == "exits":
        sys.exit(3)
    if MODE == "aborts":
        os.abort()
    if MODE == "sleeps":
        time.sleep(1000)
    if MODE == "rubbish":
        out.write(b"bystander " * 9 + b"\n")
        return out.flush()
    if MODE == "endless line":
        while True:
            out.write(b"bystander " * 9000)
    if MODE == "half":
        send({}, b"x" * 100, announced=200)
        os.close(1)
        time.sleep(1000)
    if MODE == "huge":
        return send({}, announced=1 << 40)
    if MODE == "below zero":
        return send({}, announced=-1)
    if MODE == "too much":
        return send({}, b"x" * 100, announced=0)
    if MODE == "talks":
        while True:
            os.write(2, b"bystander \x1b[31m" * 1000)
    if MODE == "eats memory":
        eaten = [bytearray(1 << 26) for _ in range(1 << 20)]
        return send({}, stream()) if eaten else None
    if MODE == "no arrow":
        return send({}, b"PAR1" * 100)
    if MODE == "cut arrow":
        return send({}, stream()[:-60])
    if MODE == "flipped arrow":
        data = bytearray(stream())
        data[len(data) // 2:] = bytes(byte ^ 0x55 for byte in data[len(data) // 2:])
        return send({}, bytes(data))
    if MODE == "arrow of lists":
        return send({}, stream(text=True))
    if MODE == "empty batches":
        return send({}, stream(batches=5000, rows=0))
    if MODE == "too many rows":
        return send({}, stream(rows=200_000))
    if MODE == "undeclared error":
        return send({"error": {"code": "kettle", "message": "red \x1b[31m\n"}})
    if MODE == "asks while reading":
        return send({"sibling": "../x.json"})
    if MODE == "leaves a grandchild":
        subprocess.Popen(["sleep", "1000"])
        os._exit(9)
    if MODE == "closes its input":
        os.close(0)
        send({}, stream())
        time.sleep(1000)
    if MODE == "writes a file":
        with open("/tmp/renown-was-here", "wb") as file:
            file.write(b"x")
        return send({}, stream())
    if MODE == "confined":
        network = is_refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        group = is_refused(os.setsid) and is_refused(lambda: os.setpgid(0, 0))
        host = is_refused(lambda: os.kill(os.getppid(), 9))
        processes = is_refused(os.fork) and is_refused(lambda: subprocess.run(["true"]))
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()
        if not (network and group and host and processes):
            sys.exit(7)
    send({}, stream())


while True:
    line = sys.stdin.buffer.readline()
    if not line:
        break
    call = json.loads(line)
    sys.stdin.buffer.read(call["bytes"])
    if call["call"] == "hello":
        hello()
    elif call["call"] == "recognise":
        if MODE == "recognise exits" and call["path"].endswith(".hostile"):
            sys.exit(3)
        kind = "nobody" if MODE == "undeclared kind" else "lines"
        send({"kind": kind if call["path"].endswith(".hostile") else None})
    elif call["call"] == "open":
        if MODE == "asks without end":
            while True:
                send({"sibling": "../x.json"})
                sys.stdin.buffer.read(json.loads(sys.stdin.buffer.readline())["bytes"])
        if MODE == "uncut":
            send({})
        else:
            send({"framing": {"cut": "csv"}})
    elif call["call"] == "read":
        read()
    else:
        send({})
