import { expect, it } from "vitest";
import type { Contact, UserSummary } from "@/api/types";
import { grouped } from "./groups";

const contact = (user_id: string, change: Partial<Contact> = {}) =>
  ({
    user_id,
    nickname: "",
    favorite: false,
    groups: [],
    blocked: false,
    listed: true,
    note: "",
    ...change,
  }) as Contact;
const person = (id: string, display_name: string) => ({ id, display_name, username: id }) as UserSummary;

const people = new Map([
  ["a", person("a", "Ann")],
  ["b", person("b", "Bob")],
  ["c", person("c", "Carla")],
]);

function parts(contacts: Contact[], query = "") {
  const all = new Map(contacts.map((one) => [one.user_id, one]));
  return grouped(all, people, query).map((part) => [part.name, part.contacts.map(({ user_id }) => user_id).join("")]);
}

it("has favourites, groups by name, the rest, and the blocked", () => {
  const all = [
    contact("a", { favorite: true, groups: ["Work"] }),
    contact("b"),
    contact("c", { blocked: true, listed: false }),
  ];
  expect(parts(all)).toEqual([
    ["Favourites", "a"],
    ["Work", "a"],
    ["Contacts", "b"],
    ["Blocked", "c"],
  ]);
});

it("finds by nickname, name, username and group", () => {
  const all = [contact("a", { nickname: "Boss" }), contact("b", { groups: ["Café"] })];
  expect(parts(all, "boss")).toEqual([["Contacts", "a"]]);
  expect(parts(all, "cafe")).toEqual([["Café", "b"]]);
  expect(parts(all, "ann")).toEqual([["Contacts", "a"]]);
});
