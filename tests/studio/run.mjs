// Clicks through the studio of a server that runs: `node run.mjs URL KEY`. With RENOWN_SCREENS it also keeps pictures there.
//
// The server has the example town with some weeks published, and people of hostile names; see crates/renown/tests/studio.rs.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { signIn, sound, start, visit, NARROW, WIDE } from "./look.mjs";
import { pictures } from "./pictures.mjs";

const [url, adminKey] = process.argv.slice(2);
const browser = await start();
const HOSTILE = "<img src=x onerror=hacked=1>";

const flows = {
  async "who is not signed in is asked to"() {
    const { page, wrong, context } = await visit(browser, url);
    await page.goto("/tune?x=1");
    assert.equal(new URL(page.url()).pathname, "/sign-in");
    await sound(page, wrong, "sign in");
    await page.getByLabel("Key", { exact: true }).fill("renown_a_b");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").filter({ hasText: "no key that holds" }).waitFor();
    await sound(page, wrong, "a wrong key");
    await page.getByLabel("Key", { exact: true }).fill(adminKey);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Tune", level: 1 }).waitFor();
    assert.equal(new URL(page.url()).search, "?x=1", "one comes to where one wanted to go");
    const [cookie] = await context.cookies();
    assert.ok(cookie.httpOnly && cookie.sameSite === "Strict", "no script and no other site has the cookie");
    assert.ok(!adminKey.includes(cookie.value) && !cookie.value.includes("renown"), "the cookie is not the key");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await context.addCookies([cookie]);
    await page.goto("/");
    assert.equal(new URL(page.url()).pathname, "/sign-in", "signed out is signed out, whatever cookie is kept");
    await context.close();
  },

  async "every page, wide and narrow, by day and by night"() {
    for (const [colorScheme, viewport] of [["light", WIDE], ["dark", WIDE], ["light", NARROW], ["dark", NARROW]]) {
      const { page, wrong, context } = await visit(browser, url, { colorScheme, viewport });
      await signIn(page, adminKey);
      await page.getByRole("heading", { name: "Leaderboard" }).waitFor();
      const person = `/people/${encodeURIComponent("mara-lind")}`;
      for (const path of [
        "/", "/?after=50", "/?q=nobody-like-that", "/?network=twitter&band=60-69", person,
        `/people/${encodeURIComponent(HOSTILE)}`, `${person}/moved?from=2026-09-16&to=2026-09-23`, "/tune", "/compare",
        "/compare?ruler=kred&ruler=klout-2012", "/data", "/consent", "/consent?q=lind", "/consent/mara-lind",
        `/consent/${encodeURIComponent(HOSTILE)}`, "/consent/mara-lind/forget", "/keys", "/audit", "/nowhere", "/people/nobody",
      ]) {
        const called = `${path} (${colorScheme}, ${viewport.width})`;
        await page.goto(path);
        await sound(page, wrong, called);
        if (path === "/tune") {
          await page.getByRole("button", { name: "Lint and attacks" }).click();
          await page.getByRole("heading", { name: /^Attacks:/ }).waitFor();
          for (const folded of await page.locator("details:not([open]) > summary").all()) {
            if (await folded.isVisible()) await folded.click();
          }
          await sound(page, wrong, `${called}, all unfolded`);
        }
      }
      await context.close();
    }
  },

  async "somebody is found"() {
    const { page, wrong, context } = await visit(browser, url);
    await signIn(page, adminKey);
    const rows = page.locator("table.board tbody tr");
    assert.equal(await rows.count(), 50);
    assert.match(await rows.first().innerText(), /isolde-marrowby/);
    await page.getByRole("link", { name: "Next" }).click();
    assert.equal(await rows.first().locator("td.rank").innerText(), "51");
    await page.getByLabel("Network", { exact: true }).selectOption("youtube");
    await page.getByRole("button", { name: "Find" }).click();
    assert.match(await rows.nth(1).innerText(), /ruben-quillfeather/);
    await page.getByRole("link", { name: "Clear" }).click();
    await page.getByLabel("Community").fill("twitter:1490000000000000102");
    await page.getByRole("button", { name: "Find" }).click();
    await page.waitForURL(/community=twitter%3A1490000000000000102/);
    const members = await rows.count();
    assert.ok(members > 3 && members < 50, `${members} people in a community`);
    await sound(page, wrong, "a community");
    await rows.first().getByRole("link").first().click();
    await page.getByRole("link", { name: "twitter:1490000000000000102" }).click();
    assert.equal(await rows.count(), members, "the community of a person is theirs");
    await page.getByRole("link", { name: "Clear" }).click();
    await page.getByLabel("Search").fill("MARA-L");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=MARA-L/);
    assert.equal(await rows.count(), 1);
    await rows.getByRole("link", { name: "Mara Lind" }).click();
    await page.getByRole("heading", { name: "Mara Lind", level: 1 }).waitFor();
    const [day, week] = (await page.locator("dl.facts dd").allInnerTexts()).slice(3);
    assert.equal(day, "n/a", "nothing was published the day before");
    assert.match(week, /^[+−]\d+\.\d\d$/);
    // The parts add up to what is published, to the last digit.
    const cells = await page.locator("section[aria-labelledby=made] table").first().locator("tbody tr td:nth-child(3)").allInnerTexts();
    const sum = cells.reduce((sum, cell) => sum + Math.round(Number(cell) * 1e4), 0);
    assert.equal((sum / 1e4).toFixed(2), await page.locator("p.big").innerText());
    assert.ok((await page.locator("svg.history circle.dot").count()) >= 10, "the chart has its days");
    await page.getByText("The same as a table").click();
    assert.ok((await page.locator("section[aria-labelledby=history] table tbody tr").count()) >= 10);
    await page.getByRole("button", { name: "Show the causes" }).click();
    await page.getByRole("heading", { name: "By whose doing" }).waitFor();
    await sound(page, wrong, "what moved somebody");
    await context.close();
  },

  async "what exports and people bring along is not run"() {
    const { page, wrong, context } = await visit(browser, url);
    await signIn(page, adminKey);
    await page.goto("/consent/mara-lind");
    await page.getByLabel("Name").fill(`"><script>hacked=1</script>${HOSTILE}`);
    await page.getByLabel("Tags, with commas between").fill("soil, <b onclick=hacked=1>tag</b>, \u202Eevil");
    await page.getByRole("button", { name: "Correct" }).click();
    await page.getByRole("status").filter({ hasText: "Corrected" }).waitFor();
    await sound(page, wrong, "a hostile name");
    for (const path of ["/", "/people/mara-lind", "/consent"]) {
      await page.goto(path);
      await page.getByText("<script>hacked=1</script>").first().waitFor();
      await sound(page, wrong, `${path} with a hostile name`);
    }
    await page.goto("/people/mara-lind");
    await page.getByRole("link", { name: '"><script>hacked=1</script>' }).click();
    await page.waitForURL(/community=/);
    assert.equal(await page.locator("table.board tbody tr").count(), 2, "who is in the community");
    await sound(page, wrong, "a hostile community");
    // What is in an address is not told as if the studio said it.
    await page.goto("/keys?done=%3Cscript%3Ehacked=1%3C/script%3E");
    assert.equal(await page.getByRole("status").count(), 0);
    await page.goto(`/sign-in?next=${encodeURIComponent("//evil.example")}`);
    assert.equal(new URL(page.url()).origin, new URL(url).origin);
    await page.goto("/consent/mara-lind");
    await page.getByLabel("Name").fill("");
    await page.getByLabel("Tags, with commas between").fill("soil");
    await page.getByRole("button", { name: "Correct" }).click();
    await page.getByRole("status").waitFor();
    await context.close();
  },

  async "a slider moves the order, and the file keeps its comments"() {
    const { page, wrong, context } = await visit(browser, url);
    await signIn(page, adminKey);
    await page.goto("/tune");
    const order = () => page.locator("table.order tbody tr").evaluateAll((rows) => rows.map((row) => row.dataset.person));
    const text = page.getByLabel("Weights as TOML");
    const [before, was] = [await order(), await text.inputValue()];
    const knob = page.locator(`[data-knob='networks."youtube".weight']`);
    await page.locator("summary", { hasText: /^youtube$/ }).click();
    await knob.fill("0.2");
    await page.waitForFunction((first) => document.querySelector("table.order tbody tr")?.dataset.person !== first || true, before[0]);
    await page.locator(".diff .added").first().waitFor();
    const after = await order();
    assert.notDeepEqual(after, before, "the order follows the slider");
    assert.ok(before.indexOf("ruben-quillfeather") < 3 && !after.slice(0, 3).includes("ruben-quillfeather"), `${after}`);
    assert.match(await page.locator("#pulse").innerText(), /^\d+ ms$/);
    const is = await text.inputValue();
    const differ = is.split("\n").filter((line, place) => line !== was.split("\n")[place]);
    assert.deepEqual(differ, ["weight = 0.2"], "one line is otherwise, and every comment is there");
    const added = (await page.locator(".diff .added").allInnerTexts()).map((line) => line.trimEnd());
    assert.deepEqual(added, ["+++ tried", "+weight = 0.2"]);
    await sound(page, wrong, "tuning");
    // By the keyboard, a step at a time.
    await knob.focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => document.getElementById("toml").value.includes("weight = 0.21"));
    // Written in the file, the slider follows.
    await text.fill(was.replace("power = 6.0", "power = 3.5"));
    await page.waitForFunction(() => document.querySelector("[data-knob='combine.power']").value === "3.5");
    assert.equal(await knob.inputValue(), "1");
    // A slip is told where it is, and what was written stays.
    await text.fill(`${was}\nwindow = 3\n`);
    await page.locator("#slip").filter({ hasText: /window/ }).waitFor();
    await sound(page, wrong, "a slip");
    await text.fill(was);
    await page.locator("#slip").waitFor({ state: "hidden" });
    assert.deepEqual(await order(), before, "back where it began");
    await context.close();
  },

  async "weights are reviewed and published, and charts say so"() {
    const { page, wrong, context } = await visit(browser, url);
    await signIn(page, adminKey);
    await page.goto("/tune");
    await page.locator("[data-knob='combine.power']").fill("4");
    await page.locator(".diff .added").first().waitFor();
    await page.getByPlaceholder("Why these weights?").fill("networks <b>add</b> more");
    await page.getByRole("button", { name: "Review and publish" }).click();
    await page.getByRole("heading", { name: "Publish these weights?" }).waitFor();
    assert.ok((await page.locator("table.moves tbody tr").count()) > 1, "the histogram of moves stands before publishing");
    await page.getByRole("heading", { name: "Who would move most" }).waitFor();
    await sound(page, wrong, "before publishing");
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByRole("status").filter({ hasText: "in force" }).waitFor();
    const text = await page.getByLabel("Weights as TOML").inputValue();
    assert.match(text, /^power = 4\s*$/m);
    assert.match(text, /A further network never lowers a score/);
    await page.goto("/data");
    await page.getByLabel("As of").fill("2026-09-30");
    await page.getByLabel("Note, shown on charts").fill("networks add more");
    await page.getByRole("button", { name: "Score and publish" }).click();
    await page.getByRole("status").filter({ hasText: "Scored" }).waitFor();
    // While the records are bound anew the sliders' questions are answered by 503, and browsers tell that on the console.
    wrong.splice(0, wrong.length, ...wrong.filter((what) => !what.includes("status of 503")));
    await sound(page, wrong, "after scoring");
    await ready(page);
    await page.goto("/people/mara-lind");
    await page.locator("ol.events li").filter({ hasText: "2026-09-30 the ruler changed: networks add more" }).waitFor();
    assert.equal(await page.locator("svg.history .event.ruler").count(), 1);
    assert.equal(await page.locator("svg.history polyline").count(), 2, "no line leads from one ruler to another");
    await sound(page, wrong, "a chart with a change of ruler");
    await context.close();
  },

  async "people are invited, agree, withdraw and are forgotten"() {
    const { page, wrong, context } = await visit(browser, url);
    await signIn(page, adminKey);
    const id = `a/b?c#d"><i>'${HOSTILE}`;
    await page.goto("/consent");
    await page.getByLabel("Id", { exact: true }).fill(id);
    await page.getByLabel("Accounts, one a line").fill("no account");
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByText("write network:id").waitFor();
    await page.goto("/consent");
    await page.getByLabel("Id", { exact: true }).fill(id);
    await page.getByLabel("Accounts, one a line").fill("twitter:999999");
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByRole("status").filter({ hasText: "Invited" }).waitFor();
    await page.getByRole("button", { name: "They agreed" }).click();
    await page.getByRole("status").filter({ hasText: "they agreed" }).waitFor();
    await sound(page, wrong, "an invited person");
    await page.getByRole("link", { name: "Forget…" }).click();
    await page.getByLabel(/^Write/).fill("somebody else");
    await page.getByRole("button", { name: "Forget" }).click();
    await page.getByText("nothing was done").waitFor();
    await page.goBack();
    await page.getByLabel(/^Write/).fill(id);
    await page.getByRole("button", { name: "Forget" }).click();
    await page.getByRole("status").filter({ hasText: "Forgotten" }).waitFor();
    await page.goto(`/consent?q=${encodeURIComponent("a/b")}`);
    await page.getByRole("heading", { name: "Nobody like that" }).waitFor();
    // Whoever withdraws is gone at once.
    await page.goto("/consent/velda-cronk");
    await page.getByRole("button", { name: "They withdrew" }).click();
    await page.getByRole("status").waitFor();
    await page.goto("/?q=velda-cronk");
    await page.getByRole("heading", { name: "Nobody like that" }).waitFor();
    assert.equal((await page.goto("/people/velda-cronk")).status(), 404);
    await page.goto("/consent/velda-cronk");
    await page.getByRole("button", { name: "They agreed" }).click();
    await page.getByRole("status").waitFor();
    await page.goto("/?q=velda-cronk");
    await page.locator("table.board tbody tr").filter({ hasText: "velda-cronk" }).waitFor();
    await ready(page);
    await context.close();
  },

  async "keys are made, shown once, and revoked"() {
    const { page, wrong, context } = await visit(browser, url);
    await signIn(page, adminKey);
    await page.goto("/keys");
    await page.getByLabel("Whose it is").fill("Team <b>West</b>");
    await page.getByLabel("What for").selectOption("marketing");
    await page.getByRole("button", { name: "Make the key" }).click();
    await page.getByRole("alert").filter({ hasText: "Choose what the key may" }).waitFor();
    await sound(page, wrong, "a key that is wrong");
    await page.getByLabel("read look people up").check();
    await page.getByRole("button", { name: "Make the key" }).click();
    const made = await page.locator("#secret").innerText();
    assert.match(made, /^renown_\w+_\w+$/);
    await sound(page, wrong, "a new key");
    await page.goto("/keys");
    assert.ok(!(await page.content()).includes(made), "it is shown once");
    const other = await visit(browser, url);
    await signIn(other.page, made);
    await other.page.getByRole("heading", { name: "Leaderboard" }).waitFor();
    assert.equal(await other.page.getByRole("link", { name: "Keys" }).count(), 0);
    for (const path of ["/keys", "/consent", "/audit", "/consent/mara-lind"]) {
      assert.equal((await other.page.goto(path)).status(), 403, path);
    }
    await sound(other.page, other.wrong, "what a key does not open");
    await other.page.goto("/tune");
    assert.equal(await other.page.getByRole("button", { name: "Review and publish" }).count(), 0);
    await page.getByRole("button", { name: /^Revoke Team/ }).click();
    await page.getByRole("status").filter({ hasText: "Revoked" }).waitFor();
    await other.page.goto("/");
    assert.equal(new URL(other.page.url()).pathname, "/sign-in", "a session ends with its key");
    await other.context.close();
    await page.goto("/audit");
    await page.getByText("revoke").first().waitFor();
    await context.close();
  },

  async "a person sees all that is held on them"() {
    const { page, wrong, context } = await visit(browser, url);
    await signIn(page, adminKey);
    await page.goto("/people/idris-weatherby");
    await page.goto("/keys");
    await page.getByLabel("Whose it is").fill("Idris");
    await page.getByLabel("What for").selectOption("self");
    await page.getByLabel(/^self/).check();
    await page.getByLabel("Person, of somebody's own key").fill("idris-weatherby");
    await page.getByRole("button", { name: "Make the key" }).click();
    const made = await page.locator("#secret").innerText();
    const own = await visit(browser, url, { viewport: NARROW });
    await signIn(own.page, made);
    await own.page.getByRole("heading", { name: "All that is held on you" }).waitFor();
    await own.page.locator("section[aria-labelledby=looks]").getByText("the operator's (research)").first().waitFor();
    await sound(own.page, own.wrong, "one's own page");
    for (const path of ["/", "/people/mara-lind", "/tune", "/compare", "/keys"]) {
      assert.equal((await own.page.goto(path)).status(), 403, path);
    }
    await own.page.goto("/people/idris-weatherby");
    await sound(own.page, own.wrong, "one's own score");
    const theirs = await own.page.content();
    assert.ok(!theirs.includes("mara-lind") && !theirs.includes("Mara Lind"), "nobody else is named to them");
    await own.page.goto("/me");
    await own.page.getByRole("button", { name: "Take my consent back" }).click();
    await own.page.getByRole("status").filter({ hasText: "not scored any more" }).waitFor();
    await page.goto("/?q=idris-weatherby");
    await page.getByRole("heading", { name: "Nobody like that" }).waitFor();
    await own.page.goto("/me/forget");
    await sound(own.page, own.wrong, "before one is forgotten");
    await own.page.getByLabel(/^Write/).fill("idris-weatherby");
    await own.page.getByRole("button", { name: "Forget" }).click();
    await own.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await own.context.close();
    await page.goto("/consent/idris-weatherby");
    await page.getByText("Nobody of this id").waitFor();
    await ready(page);
    await context.close();
  },

  async "an export is brought in"() {
    const { page, wrong, context } = await visit(browser, url);
    await signIn(page, adminKey);
    await page.goto("/data");
    const tweet = { data: [{ id: "77", author_id: "1004", created_at: "2026-09-29T10:00:00.000Z", text: HOSTILE, public_metrics: { retweet_count: 3, reply_count: 0, like_count: 9, quote_count: 0 } }], includes: { users: [{ id: "1004", username: "mara_lind", name: HOSTILE }] }, meta: { result_count: 1 } };
    const bytes = Buffer.from(`${JSON.stringify(tweet)}\n`);
    await page.getByLabel(/^A file/).setInputFiles({ name: "search.jsonl", mimeType: "application/json", buffer: bytes });
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("heading", { name: /rows? (is|are) new|Nothing new/ }).waitFor();
    await sound(page, wrong, "what came of an upload");
    await page.goto("/data");
    await page.getByLabel(/^A file/).setInputFiles({ name: "noise.bin", mimeType: "application/octet-stream", buffer: Buffer.from([0, 1, 2, 255, 254, 9]) });
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.locator("h1").waitFor();
    await sound(page, wrong, "an upload that is nothing");
    await context.close();
  },

  async "all but live sliders works without a script"() {
    const { page, context } = await visit(browser, url, { javaScriptEnabled: false });
    await signIn(page, adminKey);
    await page.getByRole("heading", { name: "Leaderboard" }).waitFor();
    await page.goto("/tune");
    const knob = page.locator("[data-knob='combine.power']");
    await knob.focus();
    for (let step = 0; step < 10; step += 1) await page.keyboard.press("ArrowLeft");
    await page.getByRole("button", { name: "Try" }).click();
    const text = await page.getByLabel("Weights as TOML").inputValue();
    assert.match(text, /^power = 3\s*$/m, "ten steps below the 4 that was published");
    assert.match(text, /A further network never lowers a score/);
    assert.ok((await page.locator("table.order tbody tr").count()) === 25);
    await page.getByRole("button", { name: "Lint and attacks" }).click();
    await page.getByRole("heading", { name: /^Attacks:/ }).waitFor();
    await context.close();
  },

  async "another site cannot act for one"() {
    const evil = createServer((_, answer) => {
      answer.setHeader("content-type", "text/html");
      answer.end(`<form action="${url}/sign-out" method="post"><button>go</button></form>`);
    });
    await new Promise((listening) => evil.listen(0, "127.0.0.1", listening));
    const { page, context } = await visit(browser, url);
    await signIn(page, adminKey);
    await page.getByRole("heading", { name: "Leaderboard" }).waitFor();
    await page.goto(`http://127.0.0.1:${evil.address().port}/`);
    const [answer] = await Promise.all([page.waitForNavigation(), page.getByRole("button").click()]);
    assert.equal(answer.status(), 403, "what another origin sends is refused");
    await page.goto("/");
    await page.getByRole("heading", { name: "Leaderboard" }).waitFor();
    // Nor can it show the studio in a frame of its own.
    const headers = (await page.goto("/")).headers();
    assert.match(headers["content-security-policy"], /default-src 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(headers["content-security-policy"], /unsafe/);
    evil.close();
    await context.close();
  },
};

/** Waits until questions about records are answered again: people changed. */
async function ready(page) {
  for (let left = 100; left > 0; left -= 1) {
    const health = await page.request.get("/api/v1/health");
    if ((await health.json()).records) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error("the records are not read");
}

let failed = 0;
try {
  const probe = await visit(browser, url);
  await ready(probe.page);
  await probe.context.close();
  if (process.env.RENOWN_SCREENS) {
    await pictures(browser, url, adminKey, process.env.RENOWN_SCREENS);
  } else {
    for (const [name, flow] of Object.entries(flows)) {
      if (process.argv[4] && !name.includes(process.argv[4])) continue;
      const started = performance.now();
      try {
        await flow();
        console.log(`ok ${name} (${Math.round(performance.now() - started)} ms)`);
      } catch (error) {
        failed += 1;
        console.log(`FAILED ${name}\n${error.stack}`);
      }
    }
  }
} finally {
  await browser.close();
}
process.exit(failed ? 1 : 0);
