// Package identity owns who works on the control plane: the tokens with which
// programs call the control API, and the browser sessions that begin with one.
//
// Invariants: a token or session is stored only as a digest; a session ends
// with its token, after a fixed time, or when its owner signs out; a token says
// its role and agency itself, so nothing in a request can widen it.
package identity
