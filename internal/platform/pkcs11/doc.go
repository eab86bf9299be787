// Package pkcs11 is the door to a cryptographic token, a hardware security
// module or its like, that keeps the key which wraps the vault's key file
// (OASIS PKCS #11 v2.40). The key never leaves the token.
//
// The hub is built without cgo and cannot load a vendor's module itself, so it
// runs pkcs11-tool of OpenSC as a process of its own, when the vault is opened
// and when its keys rotate, never while serving. The PIN goes to it by the
// environment, what is to be opened by a file, and what was
// opened by a pipe. A module that crashes takes that process down, not the hub.
package pkcs11
