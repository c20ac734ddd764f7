// Asks as a program of 2013 did, with the library node_klout 0.3.1, and prints what that gave as one JSON document.
//
// Arguments: the host, the port, the key, a handle on Twitter and an id there. The library has its host built in: the one thing that is
// changed is where that leads to.

const http = require("http");

const [host, port, key, handle, twitterId] = process.argv.slice(2);
const get = http.get;
http.get = (options, then) => get({ ...options, host, port }, then);

const Klout = require("node_klout");
const klout = new Klout(key);

const ask = (name, ...args) =>
  new Promise((resolve) => {
    klout[name](...args, (error, found) => resolve(error ? { error: error.message } : found));
  });

(async () => {
  const identity = await ask("getKloutIdentity", handle);
  const found = {
    identity,
    by_id: await ask("getKloutIdentity", twitterId, "tw"),
    user: await ask("getUser", identity.id),
    score: await ask("getUserScore", identity.id),
    topics: await ask("getUserTopics", identity.id),
    influence: await ask("getUserInfluence", identity.id),
    handle: await ask("getUserNetworkHandle", identity.id),
    nobody: await ask("getKloutIdentity", "nobody_of_this_name"),
  };
  klout.setKey("wrong");
  found.wrong_key = await ask("getUserScore", identity.id);
  console.log(JSON.stringify(found));
})();
