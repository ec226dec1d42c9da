// An application that uses openid-client, unmodified: its configuration, its login, its callback. node.py is its browser.
// Owns the pipe to node.py; what the application does from login to logout stands in openid_client.mjs.

import { createInterface } from 'node:readline'
import * as client from 'openid-client'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const hear = async () => JSON.parse((await lines.next()).value)

/** One line to node.py. */
export const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

/** What node.py says at the start: issuer, audience, scope, callback, goodbye, method, application, backend. */
export const settings = await hear()

const AUTHENTICATION = {
  client_secret_basic: client.ClientSecretBasic,
  client_secret_post: client.ClientSecretPost,
  none: client.None,
}

/** The application's configuration, by discovery. ID tokens are checked by the published keys although they came by TLS. */
export async function discovered({ client_id, client_secret } = settings.application, method = settings.method) {
  const authentication = AUTHENTICATION[method](client_secret ?? undefined)
  const config = await client.discovery(new URL(settings.issuer), client_id, undefined, authentication)
  client.enableNonRepudiationChecks(config)
  return config
}

/** Sends the person to log in. Returns where they come back, and the `checks` of what they bring. */
export async function asked(config, more = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() }
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: settings.callback,
    scope: settings.scope,
    audience: settings.audience,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  })
  return { came: await visited(url), checks }
}

/** The person goes to `url`. Returns where they end: a URL, or the Request that a form posts. */
export async function visited(url) {
  say({ visit: url.href })
  const { url: end, fields } = await hear()
  if (fields === null) return new URL(end)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return new Request(end, { method: 'POST', headers, body: new URLSearchParams(fields).toString() })
}

/** Tokens by code and PKCE, from login to callback. */
export async function signedIn(config) {
  const { came, checks } = await asked(config)
  return client.authorizationCodeGrant(config, came, checks)
}

/** Why a promise was not kept: the library's reason, and OAuth's error where the server sent one. null when it was kept. */
export const refusal = (promise) =>
  promise.then(() => null, ({ code, error, message, cause }) => {
    const inner = cause instanceof Error ? cause : { message, cause }
    return { code, error, why: inner.message, claim: inner.cause?.claim }
  })

/** `url` with one parameter of its query changed, or taken away by null. */
export function changed(url, name, value) {
  const copy = new URL(url)
  if (value === null) copy.searchParams.delete(name)
  else copy.searchParams.set(name, value)
  return copy
}
