// auth0 (npm): the tenant's settings, keys, log and statistics; and a script without scopes. Each tells what it was refused.

import assert from 'node:assert/strict'
import { auth0, managed, refusal, seenByAll, settings, turned } from './management.mjs'

// What a script with a token for something else asks first, resource by resource.
const FIRST_CALLS = {
  'read:resource_servers': (auth0) => auth0.resourceServers.list(),
  'read:clients': (auth0) => auth0.clients.list(),
  'read:client_grants': (auth0) => auth0.clientGrants.list(),
  'read:grants': (auth0) => auth0.userGrants.list(),
  'read:tenant_settings': (auth0) => auth0.tenants.settings.get(),
  'read:users': (auth0) => auth0.users.list(),
  'read:roles': (auth0) => auth0.roles.list(),
  'read:connections': (auth0) => auth0.connections.list(),
  'read:device_credentials': (auth0) => auth0.deviceCredentials.list(),
  'read:refresh_tokens': (auth0) => auth0.refreshTokens.list({ user_id: 'auth0|anybody' }),
  'read:sessions': (auth0) => auth0.sessions.get('any'),
  'read:signing_keys': (auth0) => auth0.keys.signing.list(),
  'read:logs': (auth0) => auth0.logs.list(),
  'read:stats': (auth0) => auth0.stats.getDaily(),
}

export const stories = {
  async tenantSettings() {
    const before = await auth0.tenants.settings.get()
    assert.deepEqual([before.session_lifetime, before.idle_session_lifetime], [168, 72])
    const changes = { friendly_name: 'Nodes', session_lifetime: 24, idle_session_lifetime: 12 }
    assert.deepEqual(await auth0.tenants.settings.update(changes), { ...before, ...changes })
    assert.deepEqual(await auth0.tenants.settings.get({ fields: 'friendly_name' }), { friendly_name: 'Nodes' })
    const wrong = await refusal(auth0.tenants.settings.update({ session_lifetime: -1 }))
    const { friendly_name, session_lifetime, idle_session_lifetime } = before
    const back = await auth0.tenants.settings.update({ friendly_name, session_lifetime, idle_session_lifetime })
    assert.deepEqual(back, before)
    return { wrong }
  },

  async signingKeys() {
    const { signing } = auth0.keys
    const before = await signing.list()
    const [old, awaited] = [before.find(({ current }) => current), before.find(({ next }) => next)]
    const current = await refusal(signing.revoke(old.kid))
    const rotated = await signing.rotate()
    assert.deepEqual(rotated, { kid: awaited.kid, cert: awaited.cert })
    const { current: signs, thumbprint } = await signing.get(awaited.kid)
    assert.deepEqual([signs, thumbprint], [true, awaited.thumbprint])
    assert.equal((await signing.get(old.kid)).previous, true)
    assert.equal((await signing.revoke(old.kid)).kid, old.kid)
    await seenByAll()
    // This client's token was signed with it.
    const dead = await refusal(signing.list())
    const anew = managed().keys.signing
    assert.equal((await anew.get(old.kid)).revoked, true)
    return { current, dead, gone: await refusal(anew.get('nothing')) }
  },

  async logs() {
    const { id } = await auth0.roles.create({ name: 'Logged' })
    await auth0.roles.delete(id)
    const page = await auth0.logs.list({ per_page: 1, search: 'type:sapi' })
    const [gone] = page.data
    await page.getNextPage()
    const [made] = page.data
    assert.deepEqual([gone, made].map(({ description }) => description), ['Delete a role', 'Create a role'])
    assert.deepEqual(await auth0.logs.get(made.log_id), made)
    assert.equal(made.client_id, settings.management.client_id)
    const found = auth0.logs.list({ search: `client_id:${made.client_id} AND type:scoa` })
    assert.deepEqual(await turned(found, 'log_id'), [[]])
    return {
      nothing: await refusal(auth0.logs.get('0'.repeat(54))),
      sort: await refusal(auth0.logs.list({ sort: 'colour:1' })),
    }
  },

  async withoutScopes() {
    const made = await auth0.clients.create({ name: 'Stranger', app_type: 'non_interactive' })
    const { client_id } = made
    const { audience } = settings.management
    await auth0.clientGrants.create({ client_id, audience, scope: ['read:custom_domains'] })
    const stranger = managed(made)
    const told = {}
    for (const [scope, call] of Object.entries(FIRST_CALLS)) told[scope] = await refusal(call(stranger))
    await auth0.clients.delete(client_id)
    return told
  },
}
