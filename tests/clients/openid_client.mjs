// What an application does with openid-client, story by story: `node openid_client.mjs STORY`, started by node.py.
// The library judges the server; what it finds is told, and compared by test_openid_client.py.

import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { asked, changed, discovered, refusal, say, settings, signedIn, visited } from './application.mjs'

const GRANTS = ['authorization_code', 'refresh_token']

const stories = {
  /** Code and PKCE; the ID token by the library, the access token as the API's author would verify it, userinfo. */
  async signIn() {
    const config = await discovered()
    const { came, checks } = await asked(config)
    const tokens = await client.authorizationCodeGrant(config, came, checks)
    const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri))
    const { issuer, audience } = settings
    return {
      promisesIss: config.serverMetadata().authorization_response_iss_parameter_supported,
      claims: tokens.claims(),
      expectedNonce: checks.expectedNonce,
      scope: tokens.scope,
      access: (await jwtVerify(tokens.access_token, keys, { issuer, audience })).payload,
      userinfo: await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub),
      somebodyElse: await refusal(client.fetchUserInfo(config, tokens.access_token, 'auth0|somebody-else')),
    }
  },

  /** Answers that are not what was asked for: the library must refuse the first ones, the server the last. */
  async forgedAnswers() {
    const config = await discovered()
    const { came, checks } = await asked(config)
    const grant = (url, wrong = {}) => refusal(client.authorizationCodeGrant(config, url, { ...checks, ...wrong }))
    return {
      anotherIssuer: await grant(changed(came, 'iss', 'https://attacker.example/')),
      noIssuer: await grant(changed(came, 'iss', null)),
      anotherState: await grant(changed(came, 'state', 'another')),
      anotherVerifier: await grant(came, { pkceCodeVerifier: client.randomPKCECodeVerifier() }),
    }
  },

  /** An ID token with another nonce than this application's request had. */
  async anotherNonce() {
    const config = await discovered()
    const { came, checks } = await asked(config)
    const wrong = { ...checks, expectedNonce: client.randomNonce() }
    return { refused: await refusal(client.authorizationCodeGrant(config, came, wrong)) }
  },

  /** Refresh with rotation; what was rotated away is refused, and its successor with it. */
  async refresh() {
    const config = await discovered()
    const first = await signedIn(config)
    const second = await client.refreshTokenGrant(config, first.refresh_token)
    const third = await client.refreshTokenGrant(config, second.refresh_token, { scope: 'openid' })
    return {
      rotated: new Set([first, second, third].map((tokens) => tokens.refresh_token)).size,
      sameSubject: second.claims().sub === first.claims().sub,
      scopes: [first.scope, second.scope, third.scope],
      replayed: await refusal(client.refreshTokenGrant(config, first.refresh_token)),
      successor: await refusal(client.refreshTokenGrant(config, third.refresh_token)),
    }
  },

  /** Introspection by the API's backend and by the client; after a revocation nothing is left. */
  async revoke() {
    const config = await discovered()
    const backend = await discovered(settings.backend, 'client_secret_basic')
    const tokens = await signedIn(config)
    const before = await client.tokenIntrospection(backend, tokens.access_token)
    const own = await refusal(client.tokenIntrospection(config, tokens.refresh_token))
    await client.tokenRevocation(config, tokens.refresh_token, { token_type_hint: 'refresh_token' })
    return {
      before,
      own,
      after: await client.tokenIntrospection(backend, tokens.access_token),
      refreshed: await refusal(client.refreshTokenGrant(config, tokens.refresh_token)),
      userinfo: await refusal(client.fetchUserInfo(config, tokens.access_token, client.skipSubjectCheck)),
    }
  },

  /** RP-initiated logout; afterwards nobody is signed in. */
  async signOut() {
    const config = await discovered()
    const tokens = await signedIn(config)
    const silently = async () => {
      const { came, checks } = await asked(config, { prompt: 'none' })
      return refusal(client.authorizationCodeGrant(config, came, checks))
    }
    const before = await silently()
    const leaving = { post_logout_redirect_uri: settings.goodbye, id_token_hint: tokens.id_token, state: 'bye' }
    const ended = await visited(client.buildEndSessionUrl(config, leaving))
    return { before, ended: ended.href, after: await silently() }
  },

  /** Hybrid flow: c_hash and s_hash of the ID token beside the code are the library's to check. */
  async hybrid() {
    const config = await discovered()
    client.useCodeIdTokenResponseType(config)
    const { came, checks } = await asked(config, settings.mode ? { response_mode: settings.mode } : {})
    const tokens = await client.authorizationCodeGrant(config, came, checks)
    return { by: came instanceof URL ? 'fragment' : 'form_post', claims: tokens.claims(), scope: tokens.scope }
  },

  /** The same with the code of another answer beside the ID token. */
  async hybridWithAnotherCode() {
    const config = await discovered()
    client.useCodeIdTokenResponseType(config)
    const { came, checks } = await asked(config)
    came.hash = came.hash.replace(/code=[^&]+/, 'code=another')
    return { refused: await refusal(client.authorizationCodeGrant(config, came, checks)) }
  },

  /** Implicit flow for an ID token alone. */
  async implicit() {
    const config = await discovered()
    client.useIdTokenResponseType(config)
    const { came, checks } = await asked(config, settings.mode ? { response_mode: settings.mode } : {})
    const forged = () => client.implicitAuthentication(config, came.clone?.() ?? came, 'another', checks)
    return {
      replayed: await refusal(forged()),
      claims: await client.implicitAuthentication(config, came, checks.expectedNonce, checks),
    }
  },

  /** An application that nobody made: it registers itself, signs a person in, reads what is registered, and leaves. */
  async register() {
    const metadata = { client_name: 'Newcomer', redirect_uris: [settings.callback], grant_types: GRANTS }
    metadata.token_endpoint_auth_method = settings.method
    const config = await client.dynamicClientRegistration(new URL(settings.issuer), metadata)
    const made = config.clientMetadata()
    const tokens = await signedIn(config)
    const managed = (method) =>
      client.fetchProtectedResource(config, made.registration_access_token, new URL(made.registration_client_uri), method)
    const read = await (await managed('GET')).json()
    const left = (await managed('DELETE')).status
    return {
      registered: { method: made.token_endpoint_auth_method, confidential: 'client_secret' in made },
      known: made.client_id,
      audience: tokens.claims().aud,
      name: read.client_name,
      left,
      refreshed: await refusal(client.refreshTokenGrant(config, tokens.refresh_token)),
    }
  },

  /** An API whose tokens follow RFC 9068, guarded by oauth4webapi, which found the server by RFC 8414. */
  async strictAPI() {
    const issuer = new URL(settings.issuer)
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2' })
    const server = await oauth.processDiscoveryResponse(issuer, response)
    const { access_token } = await signedIn(await discovered())
    const called = () => new Request('https://api.example/', { headers: { authorization: `Bearer ${access_token}` } })
    return {
      claims: await oauth.validateJwtAccessToken(server, called(), settings.audience),
      elsewhere: await refusal(oauth.validateJwtAccessToken(server, called(), 'https://other.example.com')),
    }
  },
}

say({ told: await stories[process.argv[2]]() })
process.exit(0)
