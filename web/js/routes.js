// Which screen an address shows, and what comes with it.
import { match } from "./router.js";

/** Address, place in the navigation, part of the words (web/build.py), and the screen, which is fetched when it is first wanted. */
export const ROUTES = /** @type {const} */ ([
  { at: "/", nav: "capture", part: "first", load: () => import("./screens/capture.js").then((room) => room.Capture) },
  { at: "/app/inbox", nav: "inbox", part: "cards", load: () => import("./screens/inbox.js").then((room) => room.Inbox) },
  { at: "/app/batches/:id", nav: "inbox", part: "cards", load: () => import("./screens/batch.js").then((room) => room.BatchScreen) },
  { at: "/app/contacts", nav: "contacts", part: "cards", load: () => import("./screens/contacts.js").then((room) => room.Contacts) },
  { at: "/app/contacts/:id", nav: "contacts", part: "cards", load: () => import("./screens/contact.js").then((room) => room.ContactScreen) },
  { at: "/app/contacts/:id/merge", nav: "inbox", part: "cards", load: () => import("./screens/merge.js").then((room) => room.MergeScreen) },
  { at: "/app/history", nav: "history", part: "cards", load: () => import("./screens/history.js").then((room) => room.History) },
  { at: "/app/history/:id", nav: "history", part: "cards", load: () => import("./screens/history.js").then((room) => room.HistoryEntry) },
  { at: "/app/lists", nav: "lists", part: "cards", load: () => import("./screens/lists.js").then((room) => room.Lists) },
  { at: "/app/connections", nav: "connections", part: "desk", load: () => import("./screens/connections.js").then((room) => room.Connections) },
  { at: "/app/connections/new", nav: "connections", part: "desk", load: () => import("./screens/connection_new.js").then((room) => room.ConnectionNew) },
  { at: "/app/connections/:id/mapping", nav: "connections", part: "desk", load: () => import("./screens/connection_mapping.js").then((room) => room.MappingScreen) },
  { at: "/app/connections/:id/test", nav: "connections", part: "desk", load: () => import("./screens/connection_test.js").then((room) => room.TestScreen) },
  { at: "/app/connections/:id/policy", nav: "connections", part: "desk", load: () => import("./screens/connection_policy.js").then((room) => room.PolicyScreen) },
  { at: "/app/connections/:id", nav: "connections", part: "desk", load: () => import("./screens/connections.js").then((room) => room.ConnectionScreen) },
  { at: "/app/mailboxes", nav: "mailboxes", part: "desk", load: () => import("./screens/mailboxes.js").then((room) => room.Mailboxes) },
  { at: "/app/mailboxes/new", nav: "mailboxes", part: "desk", load: () => import("./screens/mailboxes.js").then((room) => room.MailboxNew) },
  { at: "/app/mailboxes/:id", nav: "mailboxes", part: "desk", load: () => import("./screens/mailboxes.js").then((room) => room.MailboxScreen) },
  { at: "/app/users", nav: "users", part: "desk", load: () => import("./screens/users.js").then((room) => room.Users) },
  { at: "/app/users/sign-on", nav: "users", part: "desk", load: () => import("./screens/sign_on.js").then((room) => room.SignOn) },
  { at: "/app/duplicates", nav: "duplicates", part: "cards", load: () => import("./screens/duplicates.js").then((room) => room.Duplicates) },
  { at: "/app/audit", nav: "audit", part: "desk", load: () => import("./screens/audit.js").then((room) => room.Audit) },
  { at: "/app/subjects", nav: "audit", part: "desk", load: () => import("./screens/subjects.js").then((room) => room.Subjects) },
  { at: "/app/subjects/:id", nav: "audit", part: "desk", load: () => import("./screens/subject.js").then((room) => room.Subject) },
  { at: "/app/alerts", nav: "alerts", part: "desk", load: () => import("./screens/alerts.js").then((room) => room.Alerts) },
  { at: "/app/users/roles", nav: "users", part: "desk", load: () => import("./screens/roles.js").then((room) => room.Roles) },
  { at: "/app/users/support", nav: "users", part: "desk", load: () => import("./screens/support.js").then((room) => room.Support) },
  { at: "/app/users/joining", nav: "users", part: "desk", load: () => import("./screens/joining.js").then((room) => room.Joining) },
  { at: "/app/account", nav: "settings", part: "desk", load: () => import("./screens/account.js").then((room) => room.Account) },
  { at: "/app/tokens", nav: "settings", part: "desk", load: () => import("./screens/tokens.js").then((room) => room.Tokens) },
  { at: "/app/rules", nav: "rules", part: "desk", load: () => import("./screens/rules.js").then((room) => room.Rules) },
  { at: "/app/rules/:id", nav: "rules", part: "desk", load: () => import("./screens/rules.js").then((room) => room.RulesScreen) },
  { at: "/app/overview", nav: "overview", part: "desk", load: () => import("./screens/overview.js").then((room) => room.OverviewScreen) },
  { at: "/app/settings", nav: "settings", part: "desk", load: () => import("./screens/settings.js").then((room) => room.Settings) },
]);
/** @typedef {typeof ROUTES[number]} Route */

/** @param {string} path @returns {{route: Route, params: Record<string, string>} | null} */
export function find(path) {
  for (const route of ROUTES) {
    const params = match(route.at === "/" ? "" : route.at, path);
    if (params) return { route, params };
  }
  return null;
}
