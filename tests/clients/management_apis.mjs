// auth0 (npm): APIs, applications with secrets and keys, and client grants. Each story tells what it was refused.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { auth0, fresh, granted, managed, refusal, seenByAll, settings, turned } from './management.mjs'

const SCOPES = [
  { value: 'read:books', description: 'Read books' },
  { value: 'write:books', description: 'Write books' },
]

const anAPI = () =>
  auth0.resourceServers.create({ identifier: `https://${fresh()}.example/`, name: 'Books', scopes: SCOPES })
const aMachine = (name = 'Librarian') =>
  auth0.clients.create({ name, app_type: 'non_interactive', grant_types: ['client_credentials'] })
const pem = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' })

export const stories = {
  async resourceServers() {
    const made = await anAPI()
    const read = await auth0.resourceServers.get(made.id)
    assert.deepEqual(read, made)
    assert.deepEqual(await auth0.resourceServers.get(made.identifier), made)
    assert.deepEqual([read.scopes, read.token_lifetime, read.signing_alg], [SCOPES, 86400, 'RS256'])
    const more = [await anAPI(), await anAPI(), await anAPI()].map(({ id }) => id)
    const pages = await turned(auth0.resourceServers.list({ per_page: 2 }), 'id')
    assert.deepEqual(pages.map((page) => page.length), [2, 2, 1])
    assert.deepEqual(pages.flat().slice(1), [made.id, ...more])
    const named = auth0.resourceServers.list({ identifiers: [made.identifier] })
    assert.deepEqual(await turned(named, 'id'), [[made.id]])
    const changes = { token_lifetime: 60, scopes: SCOPES.slice(1) }
    await auth0.resourceServers.update(made.id, changes)
    const changed = { ...made, ...changes, token_lifetime_for_web: 60 }
    assert.deepEqual(await auth0.resourceServers.get(made.id), changed)
    const refused = {
      repeated: await refusal(auth0.resourceServers.create({ identifier: made.identifier })),
      wrong: await refusal(auth0.resourceServers.update(made.id, { token_lifetime: -1 })),
      system: await refusal(auth0.resourceServers.delete(settings.management.audience)),
    }
    for (const id of [made.id, ...more]) await auth0.resourceServers.delete(id)
    return { ...refused, gone: await refusal(auth0.resourceServers.get(made.id)) }
  },

  async clients() {
    const { client_secret, ...made } = await aMachine()
    assert.equal(client_secret.length, 64)
    // It was shown once; the server keeps what verifies it.
    assert.deepEqual(await auth0.clients.get(made.client_id), made)
    assert.deepEqual([made.name, made.grant_types], ['Librarian', ['client_credentials']])
    const more = [await aMachine('B'), await aMachine('C'), await aMachine('D')].map(({ client_id }) => client_id)
    const pages = await turned(auth0.clients.list({ per_page: 2 }), 'client_id')
    assert.deepEqual(pages.map((page) => page.length), [2, 2, 1])
    assert.deepEqual(pages.flat().slice(1), [made.client_id, ...more])
    const changes = { description: 'Lends books', callbacks: ['https://x.example/'], client_metadata: { floor: '2' } }
    assert.deepEqual(await auth0.clients.update(made.client_id, changes), { ...made, ...changes })
    assert.deepEqual(await auth0.clients.get(made.client_id), { ...made, ...changes })
    const wrong = await refusal(auth0.clients.create({ name: 'Wrong', app_type: 'spaceship' }))
    for (const id of [made.client_id, ...more]) await auth0.clients.delete(id)
    return { wrong, gone: await refusal(auth0.clients.get(made.client_id)) }
  },

  async rotateSecret() {
    const made = await aMachine()
    const { audience } = settings.management
    await auth0.clientGrants.create({ client_id: made.client_id, audience, scope: ['read:roles'] })
    assert.deepEqual(await turned(managed(made).roles.list(), 'id'), [[]])
    const rotated = await auth0.clients.rotateSecret(made.client_id)
    assert.deepEqual({ ...rotated, client_secret: 0 }, { ...made, client_secret: 0 })
    await seenByAll()
    const grant = { grant_type: 'client_credentials', audience }
    assert.deepEqual([(await granted(made, grant)).status, (await granted(rotated, grant)).status], [401, 200])
    assert.deepEqual(await turned(managed(rotated).roles.list(), 'id'), [[]])
    await auth0.clients.delete(made.client_id)
    return { gone: await refusal(auth0.clients.rotateSecret(made.client_id)) }
  },

  async credentials() {
    const { client_id } = await aMachine()
    const { credentials } = auth0.clients
    const key = { credential_type: 'public_key', alg: 'RS256' }
    const made = await credentials.create(client_id, { ...key, pem: pem(), name: 'First', kid: 'first-key-01' })
    assert.deepEqual(await credentials.get(client_id, made.id), made)
    assert.deepEqual([made.kid, made.alg, made.name], ['first-key-01', 'RS256', 'First'])
    const other = await credentials.create(client_id, { ...key, pem: pem() })
    assert.deepEqual((await credentials.list(client_id)).map(({ id }) => id), [made.id, other.id])
    await credentials.update(client_id, made.id, { expires_at: '2099-01-01T00:00:00.000Z' })
    assert.equal((await credentials.get(client_id, made.id)).expires_at, '2099-01-01T00:00:00.000Z')
    const wrong = await refusal(credentials.create(client_id, { ...key, pem: 'no key' }))
    await credentials.delete(client_id, made.id)
    const gone = await refusal(credentials.get(client_id, made.id))
    await auth0.clients.delete(client_id)
    return { wrong, gone, withoutClient: await refusal(credentials.list(client_id)) }
  },

  async clientGrants() {
    const [{ client_id }, { id, identifier: audience }] = [await aMachine(), await anAPI()]
    const made = await auth0.clientGrants.create({ client_id, audience, scope: ['read:books'] })
    assert.deepEqual(await auth0.clientGrants.get(made.id), made)
    assert.deepEqual([made.client_id, made.audience, made.scope], [client_id, audience, ['read:books']])
    const people = await auth0.clientGrants.create({ client_id, audience, scope: [], subject_type: 'user' })
    assert.deepEqual(await turned(auth0.clientGrants.list({ take: 1, audience }), 'id'), [[made.id], [people.id]])
    await auth0.clientGrants.update(made.id, { scope: ['write:books'] })
    assert.deepEqual(await auth0.clientGrants.get(made.id), { ...made, scope: ['write:books'] })
    const refused = {
      repeated: await refusal(auth0.clientGrants.create({ client_id, audience, scope: [] })),
      wrong: await refusal(auth0.clientGrants.update(made.id, { scope: ['burn:books'] })),
      nowhere: await refusal(auth0.clientGrants.create({ client_id, audience: 'https://no/', scope: [] })),
    }
    await auth0.clientGrants.delete(made.id)
    const gone = await refusal(auth0.clientGrants.get(made.id))
    await auth0.clients.delete(client_id)
    await auth0.resourceServers.delete(id)
    return { ...refused, gone }
  },
}
