// Package retention owns how long the hub keeps things, on which legal basis,
// and the work of dropping what is over.
//
// Each kind of thing has a default and a minimum in kind.go. A change takes two
// people: [Service.Change] proposes it, and the room that decides calls
// [Service.PutApproved]. A [Keeper] of another room drops what is before a time;
// [Service.Sweep] calls every keeper once a day. A kind without a keeper is
// shown as one that nothing is dropped of.
package retention
