// Package policy decides: it turns grants, as people wrote them, into what the
// gateway enforces.
//
// Invariants: deny by default; a decision reads memory only; a grant that was
// revoked, suspended or has expired allows nothing. Every refusal says what is
// missing, who can give it, and what to do next.
package policy
