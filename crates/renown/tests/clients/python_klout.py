"""Asks as a program of 2012 did, with the library Klout 0.1.3, and prints what that gave as one JSON document.

Arguments: the host and port, the key, a handle on Twitter and an id there.
"""

import json
import sys

from klout import Klout, KloutHTTPError

domain, key, handle, twitter_id = sys.argv[1:]
klout = Klout(key, domain=domain)
identity = klout.identity.klout(screenName=handle)
found = {
    "identity": identity,
    "by_id": klout.identity.klout(tw=twitter_id),
    "score": klout.user.score(kloutId=identity["id"]),
    "topics": klout.user.topics(kloutId=identity["id"]),
    "influence": klout.user.influence(kloutId=identity["id"], timeout=20),
}
for name, ask in {
    "nobody": lambda: klout.identity.klout(screenName="nobody_of_this_name"),
    "wrong_key": lambda: Klout("wrong", domain=domain).user.score(kloutId=identity["id"]),
}.items():
    try:
        found[name] = ask()
    except KloutHTTPError as error:
        found[name] = error.e.code
print(json.dumps(found))
