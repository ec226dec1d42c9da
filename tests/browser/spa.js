// A single-page application of somebody else: code + PKCE, implicit, refresh, silent login. What it holds, `window.app` shows.

const settings = await (await fetch("/settings.json")).json();
const callback = `${location.origin}/spa`;
const app = (window.app = { said: [] });

const base64url = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

function say(text) {
    app.said.push(text);
    document.querySelector("output").textContent = text;
}

async function address(extra) {
    const attempt = { state: random(), nonce: random(), verifier: random() };
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(attempt.verifier));
    const proof = { code_challenge: base64url(digest), code_challenge_method: "S256" };
    const asked = {
        client_id: settings.clientId, redirect_uri: callback, audience: settings.audience, scope: settings.scope,
        state: attempt.state, nonce: attempt.nonce, response_type: "code", ...(extra.response_type ? {} : proof), ...extra,
    };
    return { attempt, url: `${settings.issuer}authorize?${new URLSearchParams(asked)}` };
}

async function leave(extra) {
    const { attempt, url } = await address(extra);
    sessionStorage.setItem("attempt", JSON.stringify(attempt));
    location.assign(url);
}

async function token(form) {
    const body = new URLSearchParams({ client_id: settings.clientId, ...form });
    const response = await fetch(`${settings.issuer}oauth/token`, { method: "POST", body });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
}

async function finish(answer, attempt) {
    if (answer.state !== attempt.state || answer.iss !== settings.issuer) throw new Error("unexpected answer");
    if (answer.error) throw new Error(answer.error);
    app.nonce = attempt.nonce;
    app.tokens = answer.code
        ? await token({ grant_type: "authorization_code", code: answer.code, redirect_uri: callback, code_verifier: attempt.verifier })
        : answer;
    say("logged in");
}

async function silent() {
    const { attempt, url } = await address({ prompt: "none", response_mode: "web_message" });
    const frame = Object.assign(document.createElement("iframe"), { hidden: true, src: url });
    const answer = new Promise((resolve) => {
        addEventListener("message", (event) => {
            if (event.source === frame.contentWindow && event.origin === new URL(settings.issuer).origin) resolve(event.data);
        });
    });
    document.body.append(frame);
    const { type, response } = await answer;
    frame.remove();
    if (type !== "authorization_response") throw new Error("unexpected message");
    await finish(response, attempt);
}

async function orders() {
    const headers = { Authorization: `Bearer ${app.tokens.access_token}` };
    const response = await fetch(settings.api, { headers });
    say(`orders ${response.status} ${(await response.json()).orders}`);
}

async function refresh() {
    app.tokens = { ...app.tokens, ...(await token({ grant_type: "refresh_token", refresh_token: app.tokens.refresh_token })) };
    say("refreshed");
}

function logout() {
    const back = { id_token_hint: app.tokens.id_token, post_logout_redirect_uri: callback };
    location.assign(`${settings.issuer}oidc/logout?${new URLSearchParams(back)}`);
}

const actions = {
    login: () => leave({}),
    implicit: () => leave({ response_type: "id_token token" }),
    silent, orders, refresh, logout,
};
for (const [name, action] of Object.entries(actions)) {
    const button = Object.assign(document.createElement("button"), { id: name, textContent: name });
    button.addEventListener("click", () => Promise.resolve(action()).catch((error) => say(`error ${error.message}`)));
    document.querySelector("p").append(button);
}
const sent = Object.fromEntries(new URLSearchParams(location.search.slice(1) || location.hash.slice(1)));
history.replaceState(null, "", location.pathname);
if (sent.state) {
    await finish(sent, JSON.parse(sessionStorage.getItem("attempt"))).catch((error) => say(`error ${error.message}`));
} else {
    say("ready");
}
