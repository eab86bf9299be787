// Package agency owns the tenants of the hub: agencies, the applications that
// they run, and the keys with which applications call the gateway.
//
// Invariants: an application belongs to the agency in its identifier; a key is
// stored only as a digest and its text is shown once; who the agencies are is
// public, what they run is theirs. The gateway asks [Keyring], a view in memory
// that follows the store, so that no call waits for SQL; and [Wallet] about the
// certificates by which applications prove themselves without a key.
package agency
