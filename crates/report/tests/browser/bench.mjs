// How long a page takes until it can be used: median of seven times in a fresh context each.
import { statSync } from "node:fs";
import { chrome, open } from "./open.mjs";

for (const name of ["nordic", "large", "thousand"]) {
  const times = [];
  for (let n = 0; n < 7; n += 1) {
    const start = performance.now();
    const { page, close } = await open(name);
    await page.waitForSelector(".rows tbody tr, p[aria-live]");
    times.push(performance.now() - start);
    await close();
  }
  times.sort((a, b) => a - b);
  const { page, close } = await open(name, "#/verdicts");
  const verdicts = await page.locator("p[aria-live]").textContent();
  const typing = await page.evaluate(async () => {
    const input = document.querySelector("input[type=search]");
    const start = performance.now();
    input.value = "call";
    input.dispatchEvent(new Event("input"));
    const before = document.querySelector("p[aria-live]").textContent;
    while (document.querySelector("p[aria-live]").textContent === before && performance.now() - start < 3000) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return performance.now() - start;
  });
  await close();
  const megabytes = (statSync(`${process.env.PAGES}/${name}.html`).size / 1e6).toFixed(1);
  console.log(`${name}: ${megabytes} MB, ${verdicts}; opened in ${times[3].toFixed(0)} ms (${times[0].toFixed(0)} to ${times[6].toFixed(0)}), searched in ${typing.toFixed(0)} ms`);
}
await chrome.close();
