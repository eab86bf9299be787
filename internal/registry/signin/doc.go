// Package signin owns how people prove who they are: passkeys, a password with
// an authenticator, recovery codes, an agency's own provider, and the browser
// sessions that begin with one of them. Who has an account, and what it may do,
// is not known here: see [Accounts].
//
// # What is guaranteed
//
//   - A session is known by the SHA-256 of a secret that only the cookie has. The
//     secret changes when somebody signs in and when they prove again who they
//     are. A session ends when its owner or an administrator ends it, after half
//     an hour without a request, and after twelve hours in all; a revision of
//     kind "Session" with its public ID tells the others. Expired ones are
//     announced at the next sign-in of anybody; [Service.Ended] knows at once.
//   - Whom a session stands for is asked anew at each request: a closed account or
//     a revoked token is out at once.
//   - A passkey is believed for the host and the origin that were announced, with
//     its user verified, once for each challenge. A counter that does not go
//     forward is refused and recorded.
//   - A password counts only together with a code, and a code counts once.
//   - Unknown account, wrong password, wrong code, closed account and too many
//     attempts are one answer after one hash. Failures are counted before an
//     attempt is looked at, in the database: a restart or another node forgets
//     none. A passkey is not held up by them.
//   - What somebody signs in with changes only within five minutes of a proof, and
//     its owner is told. The last way in cannot be removed.
//   - An agency's provider names accounts of that agency that exist and are active,
//     and no others; each account keeps the subject that came first.
//   - Secrets are stored as digests, hashed, or sealed for their place.
//
// # What is not guaranteed
//
// The work for an unknown account is equal in hashes, not in every query. A
// session's origin is the address that the proxies tell. Without TLS in front of
// it nothing here is secret. An authenticator is not attested: whose make it is
// is not known.
//
// # Where is what
//
// session.go, sessions.go: sessions. passkey.go, password.go, hasher.go, totp.go,
// recovery.go: what people sign in with. signin.go, lockout.go: attempts.
// invitation.go: coming in. account.go, person.go: one's own security; dropping
// and exporting it. upstream.go, upstream_signin.go: providers of agencies.
// ceremony.go: what is remembered between two steps. next.go: where somebody is
// led on to. The screens are pages*.go and *.templ; web/islands/passkey.ts runs
// the ceremony in the browser.
//
// Dependencies: go-webauthn, x/crypto (argon2), pquerna/otp with its barcode, for
// one-time codes and QR codes; go-oidc and x/oauth2 for providers; templ.
package signin

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .
