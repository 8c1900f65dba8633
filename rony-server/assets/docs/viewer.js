// Shows an OpenAPI document. Everything from the document goes in as text, never as markup.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];

/** The document that is shown; every `$ref` is looked up in it. */
let api = {};

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** Text in which what stands between backticks is code. */
function prose(text) {
  return text.split("`").map((part, at) => (at % 2 === 1 ? element("code", { textContent: part }) : part));
}

function resolve(thing) {
  if (!thing?.$ref) return thing ?? {};
  const steps = thing.$ref.replace(/^#\//, "").split("/");
  return steps.reduce((at, step) => at?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], api) ?? {};
}

function nameOf(schema) {
  return schema?.$ref?.split("/").pop();
}

/** A type in a few words: `string (uuid)`, `Message[]`, `"open" | "closed"`. */
function typeOf(schema) {
  if (schema === true || schema === undefined) return "anything";
  if (schema.$ref) return nameOf(schema);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map(typeOf).join(" | ");
  if (schema.allOf) return schema.allOf.map(typeOf).join(" & ");
  const types = [schema.type ?? "object"].flat();
  return types
    .map((type) => {
      if (type === "array") return `${typeOf(schema.items)}[]`;
      if (type === "object" && schema.additionalProperties) return `{ [key]: ${typeOf(schema.additionalProperties)} }`;
      return schema.format && type !== "null" ? `${type} (${schema.format})` : type;
    })
    .join(" | ");
}

function commentOf(schema) {
  const resolved = resolve(schema);
  const said = (schema.description ?? resolved.description ?? "").split("\n")[0];
  return said && `  // ${said}`;
}

/** The fields of a schema as indented lines. A type inside itself is only named. */
function linesOf(schema, depth, seen) {
  const name = nameOf(schema);
  if (name && seen.has(name)) return [];
  const inside = name ? new Set(seen).add(name) : seen;
  const whole = resolve(schema);
  const parts = whole.allOf ?? whole.oneOf ?? whole.anyOf;
  if (parts) return parts.flatMap((part) => linesOf(part, depth, inside));
  if (whole.items) return linesOf(whole.items, depth, inside);
  return Object.entries(whole.properties ?? {}).flatMap(([field, type]) => {
    const optional = whole.required?.includes(field) ? "" : "?";
    const line = `${"  ".repeat(depth)}${field}${optional}: ${typeOf(type)}${commentOf(type)}`;
    return [line, ...(depth < 4 ? linesOf(type, depth + 1, inside) : [])];
  });
}

function showSchema(content) {
  return Object.entries(content ?? {}).map(([kind, { schema }]) => {
    const lines = [`${kind}: ${typeOf(schema)}`, ...linesOf(schema ?? {}, 1, new Set())];
    return element("div", { className: "schema", textContent: lines.join("\n") });
  });
}

function showParameters(parameters) {
  if (parameters.length === 0) return [];
  const rows = parameters.map(resolve).map((parameter) =>
    element(
      "tr",
      {},
      element("td", {}, element("code", { textContent: parameter.name + (parameter.required ? "" : "?") })),
      element("td", { textContent: parameter.in }),
      element("td", { textContent: typeOf(parameter.schema) }),
      element("td", {}, ...prose(parameter.description ?? "")),
    ),
  );
  return [element("h3", { textContent: "Parameters" }), element("table", {}, element("tbody", {}, ...rows))];
}

function showBody(body) {
  if (!body) return [];
  const { description, content } = resolve(body);
  return [element("h3", { textContent: "Body" }), ...prose(description ?? ""), ...showSchema(content)];
}

function showAnswers(responses) {
  return Object.entries(responses ?? {}).flatMap(([status, response]) => {
    const { description, content } = resolve(response);
    return [element("h3", {}, ...prose(`${status} ${description ?? ""}`)), ...showSchema(content)];
  });
}

function showOperation(path, method, shared, operation) {
  const id = operation.operationId ?? `${method} ${path}`;
  const summary = element(
    "summary",
    {},
    element("span", { className: "method", textContent: method.toUpperCase() }),
    element("span", { className: "path", textContent: path }),
    element("span", { className: "said" }, ...prose(operation.summary ?? "")),
  );
  const shown = element("details", { id }, summary);
  // Filled when it is opened for the first time: the document is long, and most of it is never looked at.
  shown.addEventListener("toggle", () => {
    if (shown.childElementCount > 1) return;
    shown.append(
      element(
        "div",
        {},
        operation.description ? element("p", {}, ...prose(operation.description)) : "",
        ...showParameters([...shared, ...(operation.parameters ?? [])]),
        ...showBody(operation.requestBody),
        ...showAnswers(operation.responses),
      ),
    );
  });
  shown.dataset.words = [method, path, operation.summary, id].join(" ").toLowerCase();
  return shown;
}

function showAll() {
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths ?? {})) {
    for (const method of METHODS.filter((method) => item[method])) {
      const operation = item[method];
      const tag = operation.tags?.[0] ?? "other";
      groups.set(tag, [...(groups.get(tag) ?? []), showOperation(path, method, item.parameters ?? [], operation)]);
    }
  }
  const sections = [...groups].map(([tag, operations]) =>
    element("section", {}, element("h2", { textContent: tag }), ...operations),
  );
  document.querySelector("#operations").replaceChildren(...sections);
  const address = new URL("v1", document.baseURI).href;
  const about = `Every path begins with \`${address}\`. ${api.info.description ?? ""}`;
  document.querySelector("#about").replaceChildren(...prose(about));
}

function filter(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of document.querySelectorAll("section")) {
    const operations = [...section.querySelectorAll("details")];
    for (const operation of operations) {
      operation.hidden = !wanted.every((word) => operation.dataset.words.includes(word));
    }
    section.hidden = operations.every((operation) => operation.hidden);
  }
}

async function start() {
  try {
    const response = await fetch("v1/openapi.json");
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    api = await response.json();
    showAll();
    if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.setAttribute("open", "");
  } catch (error) {
    document.querySelector("#about").textContent = `The description cannot be shown: ${error.message}.`;
  }
  document.querySelector("#filter").addEventListener("input", (event) => filter(event.target.value));
}

start();
