// The pages that one-time links lead to. The link's secret stands after the `#`, which a browser sends to nobody; it
// leaves this page only in the body of the one request that uses it.
"use strict";

const PAGES = {
  setup: {
    title: "Set up Rony",
    about: "Make the first account. It is the administrator's: it can invite everybody else.",
    fields: ["username", "display_name", "password"],
    secret: "token",
    call: "api/v1/setup",
    button: "Make the account",
    done: "Your account is made. You are the administrator.",
  },
  join: {
    title: "Join Rony",
    about: "Somebody invited you. Make your account.",
    fields: ["username", "display_name", "password"],
    secret: "invite",
    call: "api/v1/accounts",
    button: "Make the account",
    done: "Your account is made.",
  },
  reset: {
    title: "Set a new password",
    about: "You are signed out everywhere, and sign in with the new password.",
    fields: ["password"],
    secret: "token",
    call: "api/v1/password-resets",
    button: "Set the password",
    done: "Your new password is set.",
  },
};

const show = (id, text) => (document.getElementById(id).textContent = text);
const page = PAGES[location.pathname.split("/").pop()];
const secret = decodeURIComponent(location.hash.slice(1));
const form = document.getElementById("form");

/** What the answer says, in words: the server's own, where it has some. */
async function explain(response) {
  const problem = await response.json().catch(() => ({}));
  const fields = (problem.errors ?? []).map(({ message }) => message);
  return fields.join(" ") || problem.detail || `The server answered ${response.status}. Try again.`;
}

async function send(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  const entries = page.fields.map((name) => [name, form.elements[name].value]).filter(([, value]) => value !== "");
  button.disabled = true;
  show("outcome", "One moment…");
  try {
    const response = await fetch(page.call, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ [page.secret]: secret, ...Object.fromEntries(entries) }),
    });
    if (response.ok) {
      form.hidden = true;
      show("about", "");
      document.getElementById("next").hidden = false;
      history.replaceState(null, "", location.pathname);
    }
    show("outcome", response.ok ? page.done : await explain(response));
  } catch {
    show("outcome", "The server cannot be reached. Try again.");
  }
  document.getElementById("outcome").scrollIntoView({ block: "nearest" });
  button.disabled = false;
}

document.title = page.title;
show("title", page.title);
if (secret === "") {
  show("outcome", "This link is not complete. Open it again just as you got it.");
} else {
  show("about", page.about);
  for (const name of ["username", "display_name", "password"]) {
    const used = page.fields.includes(name);
    document.getElementById(`${name}-row`).hidden = !used;
    form.elements[name].disabled = !used;
  }
  form.querySelector("button").textContent = page.button;
  form.addEventListener("submit", send);
  form.hidden = false;
}
