// Package issuer owns whom the gateway believes besides the hub's own provider:
// authorization servers of others, whose access tokens (RFC 9068) stand for
// applications that are registered here.
//
// # What is guaranteed
//
//   - An issuer is believed for the clients that its declaration names, each of
//     which is one application, and for nothing else. What a token says of scopes
//     or roles means nothing here: grants do.
//   - A token is read strictly: three parts, no member twice, an algorithm that
//     the declaration allows and that fits the key, the issuer and the audience
//     to the letter, and times. The key is chosen by kid among the issuer's own;
//     jku, x5u, jwk and x5c are never looked at, and crit is refused (RFC 8725).
//   - Symmetric algorithms and "none" cannot be declared.
//   - A token that is bound to a certificate (RFC 8705) counts only with it; one
//     that is bound in a way that the hub cannot check does not count.
//   - The check of a token waits for neither SQL nor the network. Whether its
//     signature is good is remembered, in bounded memory; everything else is
//     judged each time, so that what is suspended, revoked or unmapped is refused
//     at once.
//   - Keys are fetched in the background: every hour, and when a token names a key
//     that is not known, at most once a minute. An issuer that does not answer
//     keeps its last keys for 24 hours, also across a restart.
//   - Keys are fetched from where the declaration says and from nowhere else: no
//     redirect is followed, no address is called that no provider may have, and
//     at most 256 KiB are read.
//   - Evidence names the issuer and the token's jti, or a digest; never the token,
//     nor the person in it, whose identifier may be a NIK.
//
// spec.go is the declaration, service.go the use cases, store.go the SQL, api.go
// the operations, pages.go the screens. token.go reads tokens, verifier.go judges
// them, cache.go remembers. keys.go reads key sets, fetch.go gets them, trust.go
// is the view in memory and tends it.
package issuer
