"""Dynamic client registration: what an application may say of itself, and how many may (RFC 7591, RFC 7592).

`metadata` turns the RFCs' names into settings of an application and back; `members`, `grants` and `addresses` judge single
members, `unsupported` those that would promise what this server does not do; `limits` counts. The writes are
`authserver.services.client_registrations`, the addresses `authserver.endpoints.registration`. Nothing here fetches anything
that a client points to.
"""
