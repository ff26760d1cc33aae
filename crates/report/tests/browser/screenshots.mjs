// The pictures of docs/report.md.
import { chrome, open } from "./open.mjs";

async function picture(file, name, hash, options, prepare = async () => {}) {
  const { page, close } = await open(name, hash, options);
  await prepare(page);
  await page.screenshot({ path: `${process.env.DOCS}/${file}.png`, fullPage: false });
  await close();
}

const tall = { viewport: { width: 1280, height: 1100 } };
await picture("overview", "nordic", "", tall);
await picture("overview-dark", "nordic", "", { ...tall, colorScheme: "dark" });
await picture("seller-da", "nordic-da", "#/seller/asta", { viewport: { width: 1280, height: 1700 } });
await picture("rule", "nordic", "#/rule/a-contact", { viewport: { width: 1280, height: 1380 } }, async (page) => {
  await page.locator("button.explain").first().click();
});
await chrome.close();
