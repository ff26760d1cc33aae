// What people do with a page.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { chrome, open } from "./open.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
after(() => chrome.close());

async function using(name, hash, use, options) {
  const { page, complaints, close } = await open(name, hash, options);
  await use(page);
  assert.deepEqual(complaints, []);
  await close();
}

const rows = (page, label) => page.locator(`.table[data-label="${label}"] tbody > tr:not(.detail)`);
const shown = (page, label) => page.locator(`.table[data-label="${label}"] p[aria-live]`).textContent();
const hashOf = (page) => new URL(page.url()).hash;

test("the overview says how the whole organisation stands", async () => {
  await using("nordic", "", async (page) => {
    assert.match(await page.locator(".score").first().textContent(), /^\d+%/);
    assert.equal(await page.locator("table.heat tbody tr").count() >= 12, true);
    assert.equal(await page.locator(".chart svg").count() >= 1, true);
    assert.equal(await rows(page, "Due in the next 14 days").count() > 0, true);
  });
});

test("a cell of the heat map leads to the verdicts behind it", async () => {
  await using("nordic", "", async (page) => {
    const seller = page.locator("table.heat tbody tr:not(.sum)").first();
    const cell = seller.locator("td:not(.none) a").nth(1);
    const judged = Number((await cell.locator("small").textContent()).split("/")[1]);
    await cell.click();
    assert.match(hashOf(page), /^#\/verdicts\?seller=.*&rule=/);
    const all = await rows(page, "All verdicts").count();
    assert.equal(all >= judged, true, `${all} rows, ${judged} judged`);
    await page.getByRole("button", { name: "Clear filters" }).click();
    assert.match(await shown(page, "All verdicts"), /^100 of \d,\d{3} shown$/);
    await page.goBack();
    await page.waitForSelector("table.heat");
  });
});

test("verdicts are filtered, searched and sorted", async () => {
  await using("nordic", "#/verdicts", async (page) => {
    const label = "All verdicts";
    await page.getByRole("combobox", { name: "Status", exact: true }).selectOption({ label: "missed" });
    const missed = await rows(page, label).locator("td:first-child").allTextContents();
    assert.equal(missed.length > 0 && missed.every((text) => text.includes("missed")), true);
    await page.getByRole("combobox", { name: "Rule", exact: true }).selectOption("key-visit");
    await page.waitForTimeout(50);
    const rules = await rows(page, label).locator("td:nth-child(3)").allTextContents();
    assert.deepEqual([...new Set(rules)], ["key-visit"]);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("searchbox", { name: "Search", exact: true }).fill("hot-next");
    await page.waitForFunction(() => !document.querySelector("p[aria-live]").textContent.startsWith("100"));
    const found = await rows(page, label).allTextContents();
    assert.equal(found.length > 0 && found.every((text) => text.includes("hot-next")), true);
    await page.getByRole("columnheader", { name: "Due" }).getByRole("button").click();
    const head = page.getByRole("columnheader", { name: "Due" });
    assert.equal(await head.getAttribute("aria-sort"), "ascending");
    const due = (await rows(page, label).locator("td.when").allTextContents()).filter((day) => day);
    assert.deepEqual(due, [...due].sort());
    await head.getByRole("button").click();
    assert.equal(await head.getAttribute("aria-sort"), "descending");
  });
});

test("a verdict is explained on a time line, and by keyboard alone", async () => {
  await using("nordic", "#/rule/a-contact", async (page) => {
    const button = page.getByRole("button", { name: /^Explain/ }).first();
    await button.focus();
    await page.keyboard.press("Enter");
    assert.equal(await button.getAttribute("aria-expanded"), "true");
    const detail = page.locator("tr.detail");
    assert.equal(await detail.locator(".events time").count() > 0, true);
    assert.equal(await detail.locator(".line .mark.counted").count() > 0, true);
    await page.keyboard.press("Enter");
    assert.equal(await detail.count(), 0);
  });
});

test("each seller and each rule has a page, reached from everywhere", async () => {
  await using("nordic", "", async (page) => {
    await page.locator("table.heat tbody tr:not(.sum) th a").first().click();
    assert.match(hashOf(page), /^#\/seller\//);
    assert.equal(await page.getByRole("heading", { name: "Own targets" }).count(), 1);
    assert.equal(await page.locator("article .chart svg").count() > 0, true);
    await page.getByRole("combobox", { name: "Rules", exact: true }).selectOption({ label: "a-contact" });
    await page.waitForFunction(() => document.querySelector("h1").textContent === "a-contact");
    assert.equal(await page.locator(".chart svg").count(), 2);
    assert.equal(await page.locator("blockquote").count(), 1);
    await page.locator(".rows tbody a").first().click();
    await page.waitForFunction(() => location.hash.startsWith("#/seller/"));
    const name = await page.locator("main h1").textContent();
    const chosen = page.getByRole("combobox", { name: "Sellers", exact: true }).locator("option:checked");
    assert.equal(await chosen.textContent(), name);
  });
});

test("tab leads to the content, and focus follows the page", async () => {
  await using("nordic", "", async (page) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    await page.evaluate(() => { location.hash = "#/verdicts"; });
    await page.waitForFunction(() => document.activeElement.id === "main");
  });
});

test("a page that is not there says so", async () => {
  await using("nordic", "#/seller/nobody%", async (page) => {
    assert.equal(await page.locator("main h1").textContent(), "There is no such page.");
  });
});

test("Danish is Danish throughout", async () => {
  for (const hash of ["", "#/seller/asta", "#/rule/a-contact", "#/verdicts"]) {
    await using("nordic-da", hash, async (page) => {
      assert.equal(await page.getAttribute("html", "lang"), "da");
      const said = await page.locator("main").textContent();
      for (const english of ["on track", "at risk", "Search", "shown", "planned", "touchpoints this", "asked at", "more by"]) {
        assert.equal(said.includes(english), false, `${hash}: ${english}`);
      }
    });
  }
  await using("nordic-da", "#/verdicts", async (page) => {
    const said = await page.locator("main").textContent();
    assert.match(said, /100 af \d\.\d{3} vist/);
    assert.match(await page.locator("td.when:not(:empty)").first().textContent(), /^\d{1,2}\. [a-zæøå]{3}\.? \d{4}$/);
  });
});

for (const [name, hash] of [
  ["nordic", ""], ["nordic", "#/verdicts"], ["nordic", "#/rule/a-contact"], ["nordic-da", ""],
  ["nordic", "#/seller/asta"], ["nordic", "#/rule/hit-rate"],
  ["strange", "#/seller/s0002"], ["strange", ""], ["empty", ""], ["one", "#/seller/s0000"],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing serious: ${name}${hash} ${colorScheme}`, async () => {
      await using(name, hash, async (page) => {
        const explain = page.locator("button.explain").first();
        if (await explain.count()) await explain.click();
        // The page allows no script but its own; this one comes through the debugger.
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run());
        const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
        const told = grave.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`)]);
        assert.deepEqual(told, []);
      }, { colorScheme });
    });
  }
}

test("the theme is changed by hand", async () => {
  await using("one", "", async (page) => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await paper();
    await page.getByRole("button", { name: "Dark or light" }).click();
    assert.notEqual(await paper(), before);
  });
});

test("names are text, whatever they look like", async () => {
  for (const hash of ["", "#/verdicts", "#/seller/s0000", "#/seller/s0001", "#/rule/contact"]) {
    await using("strange", hash, async (page) => {
      for (const button of (await page.locator("button.explain").all()).slice(0, 5)) await button.click();
      assert.notEqual(await page.title(), "broken");
      assert.equal(await page.locator("main img, main script").count(), 0);
      assert.equal((await page.locator("main").textContent()).includes("<script>document.title"), true);
    });
  }
});

test("long names and few columns do not make a page wider than it is", async () => {
  for (const [name, hash] of [["strange", ""], ["strange", "#/seller/s0008"], ["strange", "#/verdicts"], ["nordic", ""], ["nordic-da", "#/seller/asta"]]) {
    for (const width of [1280, 390]) {
      await using(name, hash, async (page) => {
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.equal(excess <= 0, true, `${name}${hash} at ${width}: ${excess} too wide`);
      }, { viewport: { width, height: 800 } });
    }
  }
});

test("names from right to left stay in their place", async () => {
  await using("strange", "#/verdicts", async (page) => {
    assert.equal(await page.locator("td bdi", { hasText: "שלום" }).count() > 0, true);
  });
});

test("nothing, one and a thousand look as they should", async () => {
  await using("empty", "", async (page) => {
    assert.equal((await page.locator("main").textContent()).includes("Nothing is judged."), true);
  });
  await using("one", "#/seller/s0000", async (page) => {
    assert.equal(await page.locator("main h1").textContent(), "Name 0");
  });
  await using("thousand", "", async (page) => {
    const seen = page.locator("table.heat tr:visible");
    const few = await seen.count();
    assert.equal(few < 120, true, `${few} rows`);
    await page.getByRole("button", { name: "Show everybody" }).click();
    assert.equal(await seen.count() > 1000, true);
  });
});

test("twenty thousand verdicts are searched without waiting", async () => {
  await using("large", "#/verdicts", async (page) => {
    assert.match(await shown(page, "All verdicts"), /^100 of 2\d,\d{3} shown$/);
    await page.getByRole("searchbox", { name: "Search", exact: true }).fill("c0123-0");
    await page.waitForFunction(() => / of \d{2,3} shown/.test(document.querySelector("p[aria-live]").textContent));
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("button", { name: "Show more" }).click();
    assert.match(await shown(page, "All verdicts"), /^200 of/);
  });
});

test("a page is printed on A4", async () => {
  await using("nordic", "", async (page) => {
    const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
    assert.match(pdf.toString("latin1"), /\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
    await page.getByRole("button", { name: "Dark or light" }).click();
    await page.emulateMedia({ media: "print" });
    const colours = await page.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      return [style.getPropertyValue("--paper"), style.getPropertyValue("--chip3")].map((colour) => colour.trim());
    });
    assert.deepEqual(colours, ["#ffffff", "#fadbd7"]);
    assert.equal(await page.locator(".filters:visible, header.bar:visible").count(), 0);
    const head = page.locator(".rows thead th:visible", { hasText: "Subject" }).first();
    assert.equal((await head.innerText()).trim(), "Subject");
  });
});

test("without scripts the overview is there", async () => {
  await using("nordic", "", async (page) => {
    assert.equal(await page.locator("table.heat tbody tr").count() >= 12, true);
    const said = await page.locator("main .table").allTextContents();
    assert.equal(said.length > 0 && said.every((text) => text.includes("JavaScript")), true);
  }, { javaScriptEnabled: false });
});
