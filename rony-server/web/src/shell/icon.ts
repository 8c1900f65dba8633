/** The count on the page's icon, in the tab and where the app is installed. */

const SIZE = 64;
let plain: Promise<HTMLImageElement> | null = null;
let wanted = 0;

/** Shows a count, or a dot where there is something new that does not call for the person. */
export async function showOnIcon(count: number, dot: boolean): Promise<void> {
  const mine = ++wanted;
  if ("setAppBadge" in navigator)
    void (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {});
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link === null) return;
  link.dataset.plain ??= link.href;
  if (count === 0 && !dot) {
    link.type = "image/svg+xml";
    link.href = link.dataset.plain;
    return;
  }
  plain ??= load(link.dataset.plain);
  const drawn = await plain.then((image) => draw(image, count)).catch(() => null);
  if (drawn === null || mine !== wanted) return;
  link.type = "image/png";
  link.href = drawn;
}

async function load(source: string): Promise<HTMLImageElement> {
  const image = new Image(SIZE, SIZE);
  image.src = source;
  await image.decode();
  return image;
}

function draw(image: HTMLImageElement, count: number): string | null {
  const canvas = document.createElement("canvas");
  canvas.width = SIZE;
  canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  if (pen === null) return null;
  pen.drawImage(image, 0, 0, SIZE, SIZE);
  const radius = count > 0 ? 21 : 13;
  pen.fillStyle = "#dc2626";
  pen.beginPath();
  pen.arc(SIZE - radius, radius, radius, 0, 2 * Math.PI);
  pen.fill();
  if (count > 0) {
    pen.fillStyle = "#ffffff";
    pen.font = `bold ${count > 9 ? 26 : 32}px sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(count > 99 ? "99" : String(count), SIZE - radius, radius + 2);
  }
  return canvas.toDataURL("image/png");
}
