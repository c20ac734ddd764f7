// Pictures of the studio's main pages, for the documentation.

import { join } from "node:path";
import { signIn, visit, NARROW, WIDE } from "./look.mjs";

export async function pictures(browser, url, key, folder) {
  const take = async (name, options, show) => {
    const { page, context } = await visit(browser, url, options);
    await signIn(page, key);
    await page.waitForURL((at) => at.pathname === "/");
    await show(page);
    await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
    await context.close();
  };
  await take("leaderboard", { viewport: WIDE }, async () => {});
  await take("person", { viewport: { width: 1280, height: 1150 } }, async (page) => {
    await page.goto("/people/mara-lind");
  });
  const turned = async (page) => {
    await page.goto("/tune");
    await page.locator("[data-knob='combine.power']").fill("3");
    await page.locator(".diff .added").first().waitFor();
    await page.waitForTimeout(300);
  };
  await take("tune", { viewport: WIDE }, turned);
  await take("tune-dark", { viewport: WIDE, colorScheme: "dark" }, turned);
  await take("data", { viewport: WIDE }, async (page) => { await page.goto("/data"); });
  await take("consent", { viewport: WIDE, colorScheme: "dark" }, async (page) => { await page.goto("/consent/mara-lind"); });
  await take("compare", { viewport: WIDE }, async (page) => { await page.goto("/compare?ruler=kred&ruler=klout-2012"); });
  await take("keys", { viewport: WIDE }, async (page) => { await page.goto("/keys"); });
  await take("phone", { viewport: NARROW, colorScheme: "dark" }, async (page) => { await page.goto("/people/mara-lind"); });
  await take("phone-leaderboard", { viewport: NARROW }, async () => {});
}
