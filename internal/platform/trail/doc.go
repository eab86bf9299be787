// Package trail is the door to the audit trail of the control plane: who did
// what, when, from where, and what was refused. Rooms append to it; the audit
// room shows it.
//
// [Append] takes part in the transaction of the change that it tells of, so the
// two are stored together or not at all. Refusals and sign-ins are changes of
// their own and have a transaction of their own.
//
// Every event carries the digest of the one before, so that an event that was
// altered, removed or put between is found by [Verify]. An event is never
// changed. [Prune] drops the oldest ones when their retention is over and
// remembers where the trail now begins.
//
// An event names the agency whose trail it stands in, and the account that it
// concerns, who may always see it. Its texts hold no secret, and of personal
// data only account names and the address from which somebody came.
package trail
