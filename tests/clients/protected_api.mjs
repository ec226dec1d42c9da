// A small API that express-oauth2-jwt-bearer protects, unmodified. Its settings come as one line of JSON: issuer, audience,
// strictAudience, otherIssuer. It says as one line where it listens, and ends with its input.

import { createInterface } from 'node:readline'
import express from 'express'
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer'

const input = createInterface({ input: process.stdin })
const settings = JSON.parse((await input[Symbol.asyncIterator]().next()).value)
const { issuer: issuerBaseURL, audience, strictAudience, otherIssuer } = settings

const app = express()
const told = (request, response) => response.json(request.auth.payload)

app.get('/orders', auth({ issuerBaseURL, audience }), requiredScopes('read:orders'), told)
app.delete('/orders', auth({ issuerBaseURL, audience }), requiredScopes('delete:orders'), told)
app.get('/others/orders', auth({ issuerBaseURL: otherIssuer, audience }), requiredScopes('read:orders'), told)
// Tokens as RFC 9068 wants them, and no others.
app.get('/strict/orders', auth({ issuerBaseURL, audience, strict: true }), requiredScopes('read:orders'), told)
app.get('/strict/stock', auth({ issuerBaseURL, audience: strictAudience, strict: true }), requiredScopes('read:stock'), told)

const server = app.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
input.on('close', () => process.exit(0))
