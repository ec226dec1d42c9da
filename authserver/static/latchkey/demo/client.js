// OAuth 2.0 and OpenID Connect as a single-page application speaks them: authorization code with PKCE, refresh, silent
// login, logout. Errors are Error objects with a `code`. Knows nothing of the page.

import { decoded, isSignedBy, random, sha256 } from "./encoding.js";
import { answerOfFrame } from "./frame.js";
import { refused } from "./refused.js";

const ATTEMPT = "latchkey.demo.attempt";
const LEFT = "latchkey.demo.left";

export class Client {
    constructor(settings, metadata) {
        this.settings = settings;
        this.metadata = metadata;
    }

    static async discover(settings) {
        const answer = await fetch(`${settings.issuer}.well-known/openid-configuration`);
        return new Client(settings, await answer.json());
    }

    // Leaves this page for the login.
    async logIn(scope) {
        const { address, attempt } = await this.#begin(scope, {});
        sessionStorage.setItem(ATTEMPT, JSON.stringify(attempt));
        location.assign(address);
    }

    // The tokens for the answer in this page's address; null when there is none.
    async comeBack() {
        const answer = Object.fromEntries(new URLSearchParams(location.search));
        const attempt = JSON.parse(sessionStorage.getItem(ATTEMPT) ?? "null");
        if (!answer.code && !answer.error) {
            return null;
        }
        // Once: neither history nor a reload shall bring the code back.
        sessionStorage.removeItem(ATTEMPT);
        history.replaceState(null, "", location.pathname);
        return this.#finish(answer, attempt);
    }

    // New tokens without a page, while the session lasts: in a hidden frame, answered by a message (web_message).
    async logInSilently(scope) {
        const { address, attempt } = await this.#begin(scope, { prompt: "none", response_mode: "web_message" });
        return this.#finish(await answerOfFrame(address, new URL(this.settings.issuer).origin), attempt);
    }

    // New tokens for `tokens.refresh_token`. The server gives a new refresh token with them: the old one has been used.
    async refresh(tokens) {
        return this.#ask({ grant_type: "refresh_token", refresh_token: tokens.refresh_token }, null);
    }

    // Leaves this page to end the session, and comes back to it.
    logOut(tokens) {
        const state = random();
        sessionStorage.setItem(LEFT, state);
        location.assign(
            withQuery(this.metadata.end_session_endpoint, {
                id_token_hint: tokens.id_token,
                client_id: this.settings.clientId,
                post_logout_redirect_uri: this.settings.redirectUri,
                state,
            }),
        );
    }

    // Whether the browser comes from a logout that began here.
    cameFromLogout() {
        const state = new URLSearchParams(location.search).get("state");
        const left = sessionStorage.getItem(LEFT);
        sessionStorage.removeItem(LEFT);
        if (state === null || state !== left) {
            return false;
        }
        history.replaceState(null, "", location.pathname);
        return true;
    }

    async #begin(scope, extra) {
        const attempt = { state: random(), nonce: random(), verifier: random() };
        const address = withQuery(this.metadata.authorization_endpoint, {
            response_type: "code",
            client_id: this.settings.clientId,
            redirect_uri: this.settings.redirectUri,
            audience: this.settings.audience,
            scope,
            state: attempt.state,
            nonce: attempt.nonce,
            code_challenge: await sha256(attempt.verifier),
            code_challenge_method: "S256",
            ...extra,
        });
        return { address, attempt };
    }

    async #finish(answer, attempt) {
        // Who sends us somebody else's answer does not know our state; another server does not have this name.
        if (attempt === null || answer.state !== attempt.state || answer.iss !== this.settings.issuer) {
            throw refused("unexpected_answer", "This answer belongs to no login that began in this tab.");
        }
        if (answer.error) {
            throw refused(answer.error, answer.error_description);
        }
        const proof = { code: answer.code, code_verifier: attempt.verifier, redirect_uri: this.settings.redirectUri };
        return this.#ask({ grant_type: "authorization_code", ...proof }, attempt.nonce);
    }

    async #ask(parameters, nonce) {
        const body = new URLSearchParams({ client_id: this.settings.clientId, ...parameters });
        const response = await fetch(this.metadata.token_endpoint, { method: "POST", body });
        const answer = await response.json();
        if (!response.ok) {
            throw refused(answer.error, answer.error_description);
        }
        await this.#judge(answer.id_token, nonce);
        return answer;
    }

    // OIDC Core §3.1.3.7: the ID token is for us, from our issuer, of this login, in time, and signed by a published key.
    async #judge(idToken, nonce) {
        const { header, claims } = decoded(idToken);
        const { keys } = await (await fetch(this.metadata.jwks_uri)).json();
        const key = keys.find((candidate) => candidate.kid === header.kid);
        const good =
            header.alg === "RS256" &&
            key !== undefined &&
            (await isSignedBy(idToken, key)) &&
            claims.iss === this.settings.issuer &&
            claims.aud === this.settings.clientId &&
            claims.exp * 1000 > Date.now() &&
            (nonce === null || claims.nonce === nonce);
        if (!good) {
            throw refused("bad_id_token", "The ID token is not one for this login, so it is not used.");
        }
    }
}

function withQuery(address, parameters) {
    return `${address}?${new URLSearchParams(parameters)}`;
}
