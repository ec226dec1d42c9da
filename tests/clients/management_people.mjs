// auth0 (npm): database connections, the people in them, roles and permissions. Each story tells what it was refused.

import assert from 'node:assert/strict'
import { auth0, fresh, refusal, settings, turned } from './management.mjs'

const { password } = settings.person
const aDirectory = () => auth0.connections.create({ name: `D-${fresh()}`, strategy: 'auth0' })
const aUser = ({ name }, more = {}) =>
  auth0.users.create({ connection: name, email: `${fresh()}@example.com`, password, ...more })
const ids = (rows, member = 'id') => rows.map((row) => row[member])

export const stories = {
  async connections() {
    const made = await aDirectory()
    assert.deepEqual(await auth0.connections.get(made.id), made)
    assert.deepEqual([made.strategy, made.realms], ['auth0', [made.name]])
    const more = ids([await aDirectory(), await aDirectory()])
    assert.deepEqual(await turned(auth0.connections.list({ take: 2 }), 'id'), [[made.id, more[0]], [more[1]]])
    const named = auth0.connections.list({ name: made.name, strategy: ['auth0'] })
    assert.deepEqual(await turned(named, 'id'), [[made.id]])
    const changed = await auth0.connections.update(made.id, { options: { disable_signup: true } })
    assert.deepEqual(await auth0.connections.get(made.id), changed)
    assert.equal(changed.options.disable_signup, true)
    const refused = {
      repeated: await refusal(auth0.connections.create({ name: made.name, strategy: 'auth0' })),
      social: await refusal(auth0.connections.create({ name: 'Social', strategy: 'google-oauth2' })),
    }
    for (const id of [made.id, ...more]) await auth0.connections.delete(id)
    return { ...refused, gone: await refusal(auth0.connections.get(made.id)) }
  },

  async enabledClients() {
    const { id, name } = await aDirectory()
    const { clients } = auth0.connections
    const made = []
    for (const number of [1, 2, 3]) made.push(await auth0.clients.create({ name: `Till ${number}`, app_type: 'spa' }))
    const [first, ...rest] = ids(made, 'client_id')
    await clients.update(id, [first, ...rest].map((client_id) => ({ client_id, status: true })))
    assert.deepEqual(await turned(clients.get(id, { take: 2 }), 'client_id'), [[first, rest[0]], [rest[1]]])
    assert.deepEqual(await turned(auth0.clients.connections.get(first), 'name'), [[name]])
    await clients.update(id, [{ client_id: first, status: false }])
    assert.deepEqual((await auth0.connections.get(id)).enabled_clients, rest)
    const unknown = await refusal(clients.update(id, [{ client_id: 'nobody', status: true }]))
    for (const client_id of [first, ...rest]) await auth0.clients.delete(client_id)
    assert.deepEqual(await turned(clients.get(id), 'client_id'), [[]])
    await auth0.connections.delete(id)
    return { unknown, gone: await refusal(clients.get(id)) }
  },

  async users() {
    const directory = await aDirectory()
    const made = await aUser(directory, { given_name: 'Grace', app_metadata: { plan: 'navy' } })
    assert.deepEqual(await auth0.users.get(made.user_id), made)
    assert.deepEqual([made.given_name, made.identities[0].connection], ['Grace', directory.name])
    const more = ids([await aUser(directory), await aUser(directory), await aUser(directory)], 'user_id')
    const listed = auth0.users.list({ per_page: 2, connection: directory.name })
    assert.deepEqual(await turned(listed, 'user_id'), [[made.user_id, more[0]], more.slice(1)])
    const found = auth0.users.list({ q: `email:"${made.email}"`, search_engine: 'v3' })
    assert.deepEqual(await turned(found, 'user_id'), [[made.user_id]])
    const email = made.email.toUpperCase()
    assert.deepEqual(ids(await auth0.users.listUsersByEmail({ email }), 'user_id'), [made.user_id])
    await auth0.users.update(made.user_id, { nickname: 'Amazing', app_metadata: { rank: 'admiral' } })
    const { updated_at: _, ...changed } = await auth0.users.get(made.user_id)
    const { updated_at: __, ...before } = made
    assert.deepEqual(changed, { ...before, nickname: 'Amazing', app_metadata: { plan: 'navy', rank: 'admiral' } })
    const refused = {
      repeated: await refusal(aUser(directory, { email: made.email })),
      weak: await refusal(aUser(directory, { password: 'short' })),
    }
    await auth0.connections.users.deleteByEmail(directory.id, { email: made.email })
    await auth0.users.delete(more[0])
    const gone = await refusal(auth0.users.get(made.user_id))
    assert.deepEqual(await refusal(auth0.users.update(more[0], { name: 'New' })), gone)
    await auth0.connections.delete(directory.id)
    return { ...refused, gone }
  },

  async roles() {
    const made = await auth0.roles.create({ name: 'Clerk', description: 'Sells' })
    assert.deepEqual(await auth0.roles.get(made.id), made)
    const more = []
    for (const number of [1, 2, 3]) more.push((await auth0.roles.create({ name: `Guard ${number}` })).id)
    assert.deepEqual(await turned(auth0.roles.list({ per_page: 2 }), 'id'), [[made.id, more[0]], more.slice(1)])
    assert.deepEqual(await turned(auth0.roles.list({ name_filter: 'guard 2' }), 'id'), [[more[1]]])
    await auth0.roles.update(made.id, { name: 'Cashier' })
    assert.deepEqual(await auth0.roles.get(made.id), { ...made, name: 'Cashier' })
    const repeated = await refusal(auth0.roles.create({ name: 'Cashier' }))
    for (const id of [made.id, ...more]) await auth0.roles.delete(id)
    return { repeated, gone: await refusal(auth0.roles.get(made.id)) }
  },

  async permissions() {
    const resource_server_identifier = `https://${fresh()}.example/`
    const scopes = [{ value: 'buy' }, { value: 'sell' }]
    const api = await auth0.resourceServers.create({ identifier: resource_server_identifier, name: 'Shop', scopes })
    const [buy, sell] = ['buy', 'sell'].map((permission_name) => ({ permission_name, resource_server_identifier }))
    const [directory, role] = [await aDirectory(), await auth0.roles.create({ name: 'Clerk' })]
    const people = ids([await aUser(directory), await aUser(directory), await aUser(directory)], 'user_id')
    await auth0.roles.permissions.add(role.id, { permissions: [buy, sell] })
    const ofRole = () => turned(auth0.roles.permissions.list(role.id, { per_page: 1 }), 'permission_name')
    assert.deepEqual(await ofRole(), [['buy'], ['sell']])
    await auth0.roles.permissions.delete(role.id, { permissions: [buy] })
    assert.deepEqual(await ofRole(), [['sell']])
    await auth0.roles.users.assign(role.id, { users: people })
    const members = auth0.roles.users.list(role.id, { take: 2 })
    assert.deepEqual(await turned(members, 'user_id'), [people.slice(0, 2), people.slice(2)])
    const second = await auth0.roles.create({ name: 'Second' })
    await auth0.users.roles.assign(people[0], { roles: [second.id] })
    assert.deepEqual(await turned(auth0.users.roles.list(people[0], { per_page: 1 }), 'name'), [['Clerk'], ['Second']])
    await auth0.users.roles.delete(people[0], { roles: [second.id] })
    assert.deepEqual(await turned(auth0.users.roles.list(people[0]), 'id'), [[role.id]])
    await auth0.users.permissions.create(people[0], { permissions: [buy] })
    const ofUser = (member) => turned(auth0.users.permissions.list(people[0], { per_page: 1 }), member)
    assert.deepEqual(await ofUser('permission_name'), [['buy'], ['sell']])
    const sources = (await ofUser('sources')).flat(2).map(({ source_type, source_id }) => [source_type, source_id])
    assert.deepEqual(sources, [['DIRECT', ''], ['ROLE', role.id]])
    await auth0.users.permissions.delete(people[0], { permissions: [buy] })
    assert.deepEqual(await ofUser('permission_name'), [['sell']])
    const unknown = { ...buy, permission_name: 'steal' }
    const refused = {
      ofRole: await refusal(auth0.roles.permissions.add(role.id, { permissions: [unknown] })),
      ofNobody: await refusal(auth0.users.permissions.create('auth0|nobody', { permissions: [buy] })),
    }
    for (const { id } of [role, second]) await auth0.roles.delete(id)
    await auth0.connections.delete(directory.id)
    await auth0.resourceServers.delete(api.id)
    return { ...refused, gone: await refusal(auth0.roles.users.list(role.id)) }
  },
}
