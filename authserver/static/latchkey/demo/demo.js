// The page: buttons, and what is shown. The protocol is in client.js. Tokens live in `tokens` and nowhere else.

import { Client } from "./client.js";
import { decoded } from "./encoding.js";
import { sentence } from "./sentences.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const part = (id) => document.getElementById(id);
const NOBODY = ". Nobody is logged in in this browser yet: use Log in.";
let client = null;
let tokens = null;

function element(tag, content, className = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...[content].flat());
    return made;
}

function say(kind, text) {
    part("status").replaceChildren(element("p", text, kind));
}

function claimList(claims) {
    const rows = Object.entries(claims).map(([name, value]) => {
        const shown = typeof value === "string" ? value : JSON.stringify(value).replaceAll('","', '", "');
        const said = element("dd", sentence(name, value), "quiet");
        return element("div", [element("dt", name), element("dd", element("code", shown)), said]);
    });
    return element("dl", rows, "claims");
}

function showToken(id, token) {
    const inside = decoded(token);
    const raw = element("details", [element("summary", "As it is sent"), element("p", element("code", token))], "raw");
    const parts = inside
        ? [element("h3", "Header"), claimList(inside.header), element("h3", "Claims"), claimList(inside.claims), raw]
        : [element("p", "It is opaque: only the server can tell what it stands for."), raw];
    part(id).replaceChildren(...part(id).querySelectorAll("h2, h2 + p"), ...parts);
}

function show() {
    part("outside").hidden = tokens !== null;
    for (const id of ["inside", "access-token", "id-token"]) {
        part(id).hidden = tokens === null;
    }
    if (tokens !== null) {
        const { claims } = decoded(tokens.id_token);
        part("who").textContent = claims.name || claims.email || claims.sub;
        part("refresh").disabled = !tokens.refresh_token;
        showToken("access-token", tokens.access_token);
        showToken("id-token", tokens.id_token);
    }
}

function scope() {
    return part("ask-for-orders").checked ? `${settings.scope} ${settings.apiScope}` : settings.scope;
}

async function call(headers) {
    const response = await fetch(settings.api, { headers });
    const lines = [`${response.status} ${response.statusText}`.trim()];
    if (response.headers.has("WWW-Authenticate")) {
        lines.push(`WWW-Authenticate: ${response.headers.get("WWW-Authenticate")}`);
    }
    part("answer").querySelector("pre").textContent = [...lines, "", JSON.stringify(await response.json(), null, 2)].join("\n");
    part("answer").hidden = false;
    say(response.ok ? "done" : "problem", response.ok ? "The API accepted the token." : "The API refused the call.");
}

async function renew(asked, success) {
    tokens = await asked;
    part("answer").hidden = true;
    show();
    say("done", success);
}

const ACTIONS = {
    login: () => client.logIn(scope()),
    "silent-login": () => renew(client.logInSilently(scope()), "Logged in without a page: the session was still there."),
    silent: () => renew(client.logInSilently(tokens.scope), "New tokens without a page, from the session in this browser."),
    refresh: () => renew(client.refresh(tokens), "New tokens, and a new refresh token: each is good for one use."),
    call: () => call({ Authorization: `Bearer ${tokens.access_token}` }),
    "call-without": () => call({}),
    logout: () => client.logOut(tokens),
};

async function attempt(action) {
    try {
        await action();
    } catch (error) {
        const hint = error.code === "login_required" && tokens === null ? NOBODY : "";
        say("problem", error.code ? `${error.message} (${error.code})${hint}` : `This did not work: ${error.message}`);
    }
}

async function start() {
    client = await Client.discover(settings);
    for (const [id, action] of Object.entries(ACTIONS)) {
        part(id).addEventListener("click", () => attempt(action));
    }
    if (client.cameFromLogout()) {
        say("done", "You are logged out.");
    }
    await attempt(async () => {
        const answer = await client.comeBack();
        if (answer !== null) {
            tokens = answer;
            say("done", "You are logged in. The ID token was verified with the published keys.");
        }
    });
    show();
}

await attempt(start);
