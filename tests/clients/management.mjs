// The npm package auth0, unmodified, as a script of a tenant's operator uses it: host and port, client_id and client_secret.
// Owns the pipe to node.py and how pages are turned; what is done with each resource stands in management_*.mjs.

import assert from 'node:assert/strict'
import { createInterface } from 'node:readline'
import { ManagementClient, ManagementError } from 'auth0'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const hear = async () => JSON.parse((await lines.next()).value)

/** One line to node.py. */
export const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

/** What node.py says at the start: domain, management, person. */
export const settings = await hear()

/** The management client of an application: of the tenant's own, unless another one is named. It gets its tokens itself. */
export const managed = ({ client_id: clientId, client_secret: clientSecret } = settings.management) =>
  new ManagementClient({ domain: settings.domain, clientId, clientSecret })

export const auth0 = managed()

/** `member` of each item, page by page, as the SDK turns them. */
export async function turned(list, member) {
  const page = await list
  const pages = []
  while (page.data.length || !pages.length) {
    pages.push(page.data.map((item) => item[member]))
    if (!page.hasNextPage()) break
    await page.getNextPage()
  }
  return pages
}

/** How the SDK names a refusal, and what it says: [name, errorCode, message]. Fails when nothing is refused. */
export const refusal = (promise) =>
  promise.then(
    () => assert.fail('It was not refused.'),
    (error) => {
      assert(error instanceof ManagementError, error)
      assert.equal(error.statusCode, error.body.statusCode)
      return [error.name, error.body.errorCode ?? null, error.body.message]
    },
  )

/** Longer than MAX_AGE of config_cache.py: by then each process of the server knows what another one changed. */
export const seenByAll = () => new Promise((resolve) => setTimeout(resolve, 1200))

/** A name that nothing had before. */
export const fresh = () => crypto.randomUUID()

/** The person signs in to `application`. Returns what its token endpoint answers. */
export async function signedIn(application, asked) {
  const [redirect_uri] = application.callbacks
  const query = { response_type: 'code', client_id: application.client_id, redirect_uri, state: 'x', ...asked }
  say({ visit: `https://${settings.domain}/authorize?${new URLSearchParams(query)}` })
  const code = new URL((await hear()).url).searchParams.get('code')
  const answer = await granted(application, { grant_type: 'authorization_code', code, redirect_uri })
  assert.equal(answer.status, 200)
  return answer.json()
}

/** The answer of the token endpoint to `application`. */
export function granted({ client_id, client_secret }, grant) {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ client_id, client_secret, ...grant })
  return fetch(`https://${settings.domain}/oauth/token`, { method: 'POST', headers, body })
}
