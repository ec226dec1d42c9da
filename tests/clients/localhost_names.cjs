// Names below .localhost are this machine (RFC 6761 §6.3), as browsers and systemd resolve them, on machines whose resolver
// does not know it. Preloaded (node --require): it changes what Node's own resolver finds, and nothing of the package it runs.

const dns = require('node:dns')

const { lookup } = dns
dns.lookup = (name, ...rest) => lookup(name.endsWith('.localhost') ? 'localhost' : name, ...rest)
