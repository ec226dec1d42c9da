// auth0 (npm): what a real sign-in leaves behind, read and taken away again. Each story tells what it was refused.

import assert from 'node:assert/strict'
import { auth0, fresh, granted, refusal, settings, signedIn, turned } from './management.mjs'

const SCOPE = 'openid offline_access read:desk'
const REFRESH = { grant_type: 'refresh_token' }

/** A person who signed in to two applications for one API; what there was is gone in the end. */
async function arrived(story) {
  const directory = await auth0.connections.create({ name: `D-${fresh()}`, strategy: 'auth0' })
  const { user_id } = await auth0.users.create({ connection: directory.name, ...settings.person })
  const audience = `https://${fresh()}.example/`
  const scopes = [{ value: 'read:desk' }]
  const api = await auth0.resourceServers.create({ identifier: audience, scopes, allow_offline_access: true })
  const grant_types = ['authorization_code', 'refresh_token']
  const application = { app_type: 'regular_web', callbacks: ['https://desk.example/callback'], grant_types }
  const applications = []
  for (const name of ['Lamp', 'Chair']) applications.push(await auth0.clients.create({ name, ...application }))
  const enabled = applications.map(({ client_id }) => ({ client_id, status: true }))
  await auth0.connections.clients.update(directory.id, enabled)
  const tokens = []
  for (const one of applications) tokens.push(await signedIn(one, { audience, scope: SCOPE }))
  const refresh = (n) => granted(applications[n], { ...REFRESH, refresh_token: tokens[n].refresh_token })
  /** The statuses with which their refresh tokens are answered now. */
  const refreshed = async () => [(await refresh(0)).status, (await refresh(1)).status]
  const told = await story({ user_id, audience, clients: applications.map(({ client_id }) => client_id), refreshed })
  await auth0.connections.delete(directory.id)
  for (const { client_id } of applications) await auth0.clients.delete(client_id)
  await auth0.resourceServers.delete(api.id)
  return told
}

export const stories = {
  userGrants: () =>
    arrived(async ({ user_id, audience, clients: [lamp, chair], refreshed }) => {
      const { userGrants } = auth0
      assert.deepEqual(await turned(userGrants.list({ user_id, per_page: 1 }), 'clientID'), [[lamp], [chair]])
      const [{ id, ...found }] = (await userGrants.list({ client_id: lamp, audience })).data
      assert.deepEqual(found, { clientID: lamp, user_id, audience, scope: ['offline_access', 'read:desk'] })
      await userGrants.delete(id)
      assert.deepEqual(await turned(userGrants.list({ user_id }), 'clientID'), [[chair]])
      // A consent takes with it what it allowed.
      assert.deepEqual(await refreshed(), [403, 200])
      await userGrants.deleteByUserId({ user_id })
      assert.deepEqual(await turned(userGrants.list({ user_id }), 'id'), [[]])
      return { tooMany: await refusal(userGrants.list({ per_page: 1000 })) }
    }),

  sessions: () =>
    arrived(async ({ user_id, clients, refreshed }) => {
      const [[first], [second]] = await turned(auth0.users.sessions.list(user_id, { take: 1 }), 'id')
      const read = await auth0.sessions.get(first)
      assert.deepEqual([read.user_id, read.clients], [user_id, [{ client_id: clients[0] }]])
      assert.equal(read.authentication.methods[0].name, 'pwd')
      await auth0.sessions.update(first, { session_metadata: { desk: '12' } })
      assert.deepEqual(await auth0.sessions.get(first), { ...read, session_metadata: { desk: '12' } })
      const wrong = await refusal(auth0.sessions.update(first, { session_metadata: { desk: 12 } }))
      await auth0.sessions.delete(first)
      const gone = await refusal(auth0.sessions.get(first))
      await auth0.sessions.revoke(second)
      assert.deepEqual(await turned(auth0.users.sessions.list(user_id), 'id'), [[]])
      // Only a revocation takes the refresh tokens along.
      assert.deepEqual(await refreshed(), [200, 403])
      return { wrong, gone }
    }),

  refreshTokens: () =>
    arrived(async ({ user_id, audience, clients, refreshed }) => {
      const { refreshTokens } = auth0
      const pages = await turned(refreshTokens.list({ user_id, take: 1 }), 'id')
      const [[first], [second]] = pages
      assert.deepEqual(await turned(auth0.users.refreshToken.list(user_id, { take: 1 }), 'id'), pages)
      const read = await refreshTokens.get(first)
      assert.deepEqual([read.user_id, read.client_id], [user_id, clients[0]])
      assert.deepEqual(read.resource_servers, [{ audience, scopes: SCOPE }])
      await refreshTokens.update(first, { refresh_token_metadata: { till: '3' } })
      assert.deepEqual(await refreshTokens.get(first), { ...read, refresh_token_metadata: { till: '3' } })
      await refreshTokens.delete(first)
      const gone = await refusal(refreshTokens.get(first))
      await refreshTokens.revoke({ ids: [second] })
      assert.deepEqual(await turned(refreshTokens.list({ user_id }), 'id'), [[]])
      assert.deepEqual(await refreshed(), [403, 403])
      return { gone, which: await refusal(refreshTokens.revoke({})) }
    }),

  deviceCredentials: () =>
    arrived(async ({ user_id, clients: [lamp, chair] }) => {
      const { deviceCredentials } = auth0
      const listed = deviceCredentials.list({ user_id, per_page: 1 })
      assert.deepEqual(await turned(listed, 'client_id'), [[lamp], [chair]])
      const [{ id, type }] = (await deviceCredentials.list({ user_id })).data
      assert.equal(type, 'refresh_token')
      await deviceCredentials.delete(id)
      assert.deepEqual(await turned(deviceCredentials.list({ user_id }), 'client_id'), [[chair]])
      const key = { device_name: 'Phone', device_id: '1', type: 'public_key', value: 'key' }
      return { ofSomebodyElse: await refusal(deviceCredentials.createPublicKey(key)) }
    }),

  revokeAccess: () =>
    arrived(async ({ user_id, refreshed }) => {
      const { sessions, refreshToken } = auth0.users
      const left = async () => [(await sessions.list(user_id)).data.length, (await refreshToken.list(user_id)).data.length]
      const [{ id: session_id }] = (await sessions.list(user_id)).data
      await auth0.users.revokeAccess(user_id, { session_id, preserve_refresh_tokens: true })
      assert.deepEqual(await left(), [1, 2])
      await sessions.delete(user_id)
      assert.deepEqual(await left(), [0, 2])
      await auth0.users.revokeAccess(user_id)
      assert.deepEqual(await left(), [0, 0])
      assert.deepEqual(await refreshed(), [403, 403])
      await refreshToken.delete(user_id)
      return { nobody: await refusal(sessions.list('auth0|nobody')) }
    }),

  counted: () =>
    arrived(async ({ user_id }) => {
      const { logs } = auth0.users
      // The log is written behind the answers, and the newest event stands first.
      const until = Date.now() + 5000
      while ((await logs.list(user_id)).data.length < 6 && Date.now() < until);
      const pages = await turned(logs.list(user_id, { per_page: 2 }), 'type')
      assert.deepEqual(pages.map((page) => page.length), [2, 2, 2])
      assert.deepEqual(pages.flat().sort(), ['consent', 'consent', 's', 's', 'seacft', 'seacft'])
      assert.equal(await auth0.stats.getActiveUsersCount(), 1)
      assert((await auth0.stats.getDaily()).at(-1).logins >= 2)
      return { day: await refusal(auth0.stats.getDaily({ from: 'yesterday' })) }
    }),
}
