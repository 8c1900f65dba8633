// Opens the steps for this device, and says whether it trusts the server already.

const agent = navigator.userAgent;
const touchMac = /Macintosh/.test(agent) && navigator.maxTouchPoints > 1;
const firefox = /Firefox/.test(agent);
const system = /Android/.test(agent)
  ? "android"
  : /iPhone|iPad|iPod/.test(agent) || touchMac
    ? "apple"
    : /Windows/.test(agent)
      ? "windows"
      : /Macintosh/.test(agent)
        ? "mac"
        : firefox
          ? "firefox"
          : "linux";
const steps = document.getElementById(system);
steps.open = true;
steps.parentElement.querySelector("details").before(steps);

if (system === "apple") {
  const [download, profile] = ["download", "profile"].map((id) => document.getElementById(id));
  profile.classList.remove("second");
  download.classList.add("second");
  download.before(profile);
}

// A browser loads this picture over HTTPS only when it trusts the certificate.
function look() {
  const picture = new Image();
  picture.onload = () => say(true);
  picture.onerror = () => say(false);
  picture.src = `${document.body.dataset.secure}/lan/trusted.svg?${Date.now()}`;
}

function say(trusted) {
  document.getElementById("trusted").hidden = !trusted;
  document.getElementById("unknown").hidden = trusted;
}

look();
// Who comes back from the settings of the device wants to know.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});
