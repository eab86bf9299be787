// Package oidc gives tokens to applications and tells the gateway whose they
// are: the authorization server (OAuth 2.0, RFC 6749) that grows into the hub's
// OpenID Provider.
//
// An application proves who it is with an API key (client_secret_basic: its ID
// and the key) or with a key pair of its own (private_key_jwt, RFC 7523), and
// gets an access token for the gateway (client credentials; RFC 9068).
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
// Authorization code with PKCE and refresh tokens for people, ID tokens,
// back-channel logout, mTLS (RFC 8705), and scopes.
//
// # Where is what
//
// provider.go is the way in. signingkey.go, keyset.go, rotation.go: keys.
// client.go, assertion.go, clientkey.go: who asks. token.go, verifier.go,
// cache.go, revocation.go: tokens. endpoint.go, discovery.go, form.go, fault.go:
// HTTP. view.go is what is known in memory. service.go, api.go and store.go are
// as in every room.
package oidc
