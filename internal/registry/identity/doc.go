// Package identity owns who works on the control plane: the tokens with which
// programs call the control API.
//
// Invariants: a token is stored only as a digest; a token says
// its role and agency itself, so nothing in a request can widen it.
package identity
