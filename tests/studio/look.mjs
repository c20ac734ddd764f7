// A browser, and what must hold of every page in it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** Starts Chromium with an empty profile; nothing it does reaches beyond this machine. */
export const start = () =>
  chromium.launch({
    executablePath: process.env.RENOWN_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** A window of somebody's own, of whose pages everything that goes wrong is kept. */
export async function visit(browser, url, options = {}) {
  const context = await browser.newContext({ baseURL: url, viewport: WIDE, colorScheme: "light", ...options });
  context.setDefaultTimeout(20_000);
  const wrong = [];
  await context.exposeBinding("toldOfViolation", (_, told) => wrong.push(told));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      window.toldOfViolation(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  context.on("request", (request) => {
    const to = new URL(request.url());
    if (to.protocol !== "data:" && to.origin !== new URL(url).origin) wrong.push(`asked elsewhere: ${to}`);
  });
  context.on("page", (page) => {
    page.on("pageerror", (error) => wrong.push(`script: ${error}`));
    page.on("console", (message) => {
      // That a status is 4xx is said here, too; where it is meant, the page is looked at.
      const isStatus = message.text().startsWith("Failed to load resource: the server responded with a status of 4");
      if (message.type() === "error" && !isStatus) wrong.push(`console: ${message.text()}`);
    });
    page.on("dialog", (dialog) => {
      if (dialog.type() === "confirm") return dialog.accept();
      wrong.push(`dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
  });
  const page = await context.newPage();
  return { context, page, wrong };
}

/** Signs in with a key. */
export async function signIn(page, key) {
  await page.goto("/sign-in");
  await page.getByLabel("Key", { exact: true }).fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** What must hold of a page, whatever is on it. */
export async function sound(page, wrong, called) {
  assert.deepEqual(wrong, [], `${called}: nothing goes wrong`);
  const over = await page.evaluate(() => {
    const root = document.documentElement;
    const wide = [...document.querySelectorAll("main *")]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
      .filter((element) => !element.closest(".scroll, .diff, textarea, .hidden"));
    return root.scrollWidth > root.clientWidth
      ? `${root.scrollWidth} > ${root.clientWidth}: ${wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120))}`
      : "";
  });
  assert.equal(over, "", `${called}: nothing is wider than the screen`);
  assert.equal(await page.evaluate(() => window.hacked), undefined, `${called}: no name was run`);
  assert.equal(await page.locator("h1").count(), 1, `${called}: one heading of the first level`);
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  const told = found.violations.map(
    (violation) => `${violation.id}: ${violation.help}: ${violation.nodes.map((node) => `${node.target} ${node.failureSummary}`).slice(0, 3)}`,
  );
  assert.deepEqual(told, [], `${called}: everybody can use it`);
  assert.ok(found.passes.length > 10, `${called}: axe looked at it`);
}
