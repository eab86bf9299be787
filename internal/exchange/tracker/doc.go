// Package tracker is the room that tells people who looked at their data ("jejak
// akses"): which agency, through which application, for what, on which legal
// ground, which fields, when.
//
// # What it owns
//
// The tables tracker_key, tracker_access, tracker_erased, tracker_position, tracker_floor,
// tracker_look, tracker_question, tracker_delay and tracker_policy.
//
//   - subject.go   where the NIK stands in the calls of a LID, compiled when it is published
//   - finder.go    finds values at a path of JSON that comes in parts
//   - sight.go     [Watcher] names persons in an exchange as it passes the gateway
//   - key.go       pseudonyms; keys.go the keys of the months, in memory
//   - follow.go    [Follower] makes the view of accesses from the journal
//   - history.go   a person's history; look.go openings at a counter
//   - sentence.go  an access in one sentence; proof.go the proof of one, for the person
//   - question.go  "ask why", with its clock; delay.go disclosure that waits; policy.go how long
//   - service.go   [Service]: affected persons, usage, rebuilding
//   - api*.go, pages*.go, store*.go
//
// # Invariants
//
//   - A NIK is nowhere at rest but sealed by the vault in tracker_look, for half an
//     hour. Records and rows have pseudonyms: HMAC-SHA-256 under the key of the month
//     of UTC in which the exchange opened, cut to 128 bits.
//   - A month's key is made before the month begins, is the same for every process
//     on the database, and once destroyed is not made again. Then nobody, the hub
//     included, can tell any more whom that month's accesses were about.
//   - A LID that says where a NIK stands is not served in a month without a key.
//   - A LID that does not say so costs a comparison with nil.
//   - The view is derived: drop it, and it comes out the same.
//   - What was opened with the key of a record goes in the transaction that destroys
//     it, whoever holds the journal, and does not come back.
//   - What a decision keeps back cannot be told from what does not exist, by the list,
//     by its filters, by the details, by its proof, or by asking why. The statistic is
//     public.
//   - The proof that a person gets says of nobody who they are, them included.
//   - Whoever opens the tracker of somebody else leaves a look that the person sees.
//
// # What is seen of an exchange
//
// The address before the provider is called; the bodies as they pass, byte by byte,
// however long they are. The answer is read before fields are selected: a person
// whose name was delivered without the NIK is named too. What is no JSON, or comes in
// an encoding although the hub asks for none, names nobody. Values that are no NIK
// name nobody. Of more than 100 persons the others are counted.
//
// Refusals before the call, such as that there is no grant, name nobody: no data were
// near. What was refused later, or failed, is told as an attempt.
//
// # What it does not guarantee
//
// A consumer that hides the NIK from the hub, such as in a body that only its
// provider understands, is not seen: let the LID enforce its contract on requests. An
// opened exchange whose process died names who stood in the address, and not in the
// view. The key that is destroyed stays in backups of the database until these are
// over.
//
// Dependency: templ.
package tracker
