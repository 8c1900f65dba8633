/** Files as large as the screen. Whatever is in them, nothing of it runs. */
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { item, noise, pdf, png, text } from "../world/files";
import { PASSWORD } from "../world/person";
import { world } from "../world/story";

const here = world();

test("one goes from a picture to the next and back, by keys, buttons and a swipe", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  await api.upload(png("1 red.png", 300, 200, [220, 60, 60]));
  await api.upload(png("2 green.png", 200, 300, [60, 180, 90]));
  await api.upload(text("3 words.txt", "The end of the row"));
  const ann = await here.comes("ann", {}, "/files");
  await item(ann, "1 red.png").dblclick();
  await ann.dialog.getByRole("img", { name: "1 red.png" }).waitFor();
  await ann.dialog.getByText("1 of 3").waitFor();
  expect(await ann.dialog.getByRole("button", { name: "Previous" }).isDisabled()).toBe(true);
  await ann.page.keyboard.press("ArrowRight");
  await ann.dialog.getByRole("img", { name: "2 green.png" }).waitFor();
  await ann.dialog.getByRole("button", { name: "Next" }).click();
  await ann.dialog.getByText("The end of the row").waitFor();
  await ann.page.keyboard.press("ArrowLeft");
  const picture = ann.dialog.getByRole("img", { name: "2 green.png" });
  await picture.waitFor();
  await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalHeight)).toBe(300);
  const finger = { pointerType: "touch", pointerId: 1, isPrimary: true, bubbles: true, clientY: 300 };
  await picture.dispatchEvent("pointerdown", { ...finger, clientX: 300 });
  await picture.dispatchEvent("pointerup", { ...finger, clientX: 500 });
  await ann.dialog.getByRole("img", { name: "1 red.png" }).waitFor();
  await ann.page.keyboard.press("Escape");
  await ann.dialog.waitFor({ state: "detached" });
  await expect.poll(() => item(ann, "1 red.png").evaluate((row) => row === document.activeElement)).toBe(true);
});

test("a PDF is drawn page by page, and what cannot be shown can be downloaded", async () => {
  const api = await Api.signIn(here.server, "bob", PASSWORD);
  await api.upload(pdf("report.pdf", ["First page", "Second page"]));
  await api.upload(noise("data.bin", 5000));
  const bob = await here.comes("bob", {}, "/files");
  await item(bob, "report.pdf").dblclick();
  const page = bob.dialog.getByRole("img", { name: "Page 1 of 2" });
  await page.waitFor();
  // Something dark was drawn on the white.
  await expect
    .poll(() =>
      page.evaluate((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const pixels = (canvas as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
        return pixels.some((value, index) => index % 4 === 0 && value < 90);
      }),
    )
    .toBe(true);
  await bob.page.keyboard.press("Escape");
  await item(bob, "data.bin").dblclick();
  await bob.dialog.getByText("There is no preview for this kind of file.").waitFor();
  const [download] = await Promise.all([
    bob.page.waitForEvent("download"),
    bob.dialog.getByRole("button", { name: /^Download \(/ }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("data.bin");
});

test("a page or a drawing with a script in it is only read", async () => {
  const api = await Api.signIn(here.server, "cleo", PASSWORD);
  const script = "<script>document.title = 'taken over'; parent.document.title = 'taken over'</script>";
  await api.upload(text("evil.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='taken over'">${script}</svg>`, "image/svg+xml"));
  const id = await api.upload(text("evil.html", `<h1>Hello</h1>${script}`, "text/html"));
  const cleo = await here.comes("cleo", {}, "/files");
  await item(cleo, "evil.html").dblclick();
  await cleo.dialog.getByText("parent.document.title").waitFor();
  await cleo.page.keyboard.press("ArrowRight");
  await cleo.dialog.getByText("onload=").waitFor();
  expect(await cleo.page.title()).not.toBe("taken over");
  // At its own address it is only downloaded.
  const content = `${here.server.url}/api/v1/files/${id}/content`;
  const [download] = await Promise.all([
    cleo.page.waitForEvent("download"),
    cleo.page.goto(content).catch(() => {}),
  ]);
  expect(download.suggestedFilename()).toBe("evil.html");
  const answer = await cleo.context.request.get(content);
  expect(answer.headers()["content-security-policy"]).toContain("sandbox");
  expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
});
