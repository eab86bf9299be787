// Package oidc gives tokens to applications, signs people in to them, and tells
// the gateway whose a token is: the hub's OpenID Provider and authorization
// server (OpenID Connect Core 1.0, RFC 6749).
//
// An application proves who it is with an API key (client_secret_basic: its ID
// and the key), a key pair of its own (private_key_jwt, RFC 7523) or a
// certificate (RFC 8705), and gets an access token for the gateway for itself
// (client credentials; RFC 9068), or for a person who has signed in and
// consented (authorization code with PKCE).
//
// A registration is what an application declares: where people may be sent, and
// how it proves itself. A login is one person in one application, from the code
// to the last token.
//
// # What is guaranteed
//
//   - A token is believed because of its signature by a key that the hub's vault
//     has sealed. Who can write to the database, but has not the vault, adds no
//     key that is believed.
//   - The verifier takes the exact headers that its own keys write, and reads no
//     other: alg, jku, x5u, jwk and crit of a stranger are never looked at.
//   - A token ends with the key that it was got with: at once in the process that
//     learns of it first, elsewhere when the revision log brings it. The same
//     holds for a token that its owner revokes. A token lives 10 minutes.
//   - Neither a request for a token by API key nor the check of a token waits for
//     SQL. An assertion costs one write, so that it counts once on all nodes.
//   - Why an application was not believed is not told: unknown application, wrong
//     key and bad assertion are one answer, found in one way.
//   - Keys rotate by themselves. The next one is published a day before it signs;
//     the former is kept until its last token has long expired.
//   - Parameters come in the body, each once. There is no implicit and no
//     password grant, and no credential in an address.
//   - Nobody is sent to an address that is not registered to the letter.
//   - A code counts once, at the first attempt of its application, on all nodes;
//     what a replayed one gave ends. Refresh tokens turn; one that comes back ends
//     its login. Codes and refresh tokens are kept as digests.
//   - When a session ends, every token that names it is refused by each process
//     that has learned of it, before anything is written. A session's end that
//     nobody has seen is found at the next start, or within the hour.
//   - A token that is bound to a certificate counts only with it.
//   - Applications are told of ended sessions from a durable queue, by one node,
//     for about a day; nobody waits for them.
//
// # What is not guaranteed
//
// A token is a bearer token: who has it uses it until it ends. Times are those of
// the nodes' clocks, which may differ by 10 seconds. Without TLS in front of it
// nothing here is secret. On the very first start the first key signs as soon as
// it is made; a node that has not learned of it yet refuses its tokens for up to
// 300 ms.
//
// A signing key lives 31 days in all, so a key of the vault may be destroyed that
// long after the vault's rotation.
//
// # What is not there yet
//
// Dynamic registration, request objects, DPoP, pairwise subjects, and answers to
// scripts of other sites (CORS) at the token endpoint.
//
// # Where is what
//
// provider.go is the way in; neighbours.go is what it asks of others.
// signingkey.go, keyset.go, rotation.go: keys.
// client.go, assertion.go, clientkey.go: who asks. token.go, verifier.go,
// cache.go, revocation.go: tokens. endpoint.go, discovery.go, form.go, fault.go:
// HTTP. registration.go, certificate.go: what applications declare and show.
// authorization.go, request.go, pages*.go: the way of a person. login.go,
// grants.go, idtoken.go, userinfo.go, scope.go, consent.go: what comes of it.
// session.go, backchannel.go: its end. view.go is what is known in memory.
// service.go, api.go and store.go are
// as in every room.
package oidc
