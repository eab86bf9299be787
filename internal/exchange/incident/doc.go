// Package incident is the room for the day on which personal data came to those
// whom it was not meant for. It answers which persons were affected by an
// application between two moments, and helps to write the notice that UU 27/2022
// article 46 asks for within 3 × 24 hours.
//
// # What it owns
//
// The tables incident_case and incident_note: what was asked and when, the figures
// that were the answer, who noted it, until when the notice is due, who got it, and
// what people wrote about it. No person is in them: who was affected is read anew from
// the records of access whenever somebody looks or exports.
//
//   - [Service] notes a case, counts, exports, matches lists, records what was
//     reported, and closes (service.go, service_deed.go); it reminds of the term
//     (watch.go) and drops what was kept long enough (keep.go).
//   - A gathering reads the accesses, share by share (gather.go, part.go), for
//     [Answer], for a [File] or for a [Match].
//   - [Letter] is the draft of the notice, one to those affected and one to the
//     institution. [Zone] is the clock that all times of a case are on.
//   - [Register] offers it to programs, [Pages] to people.
//
// # Invariants
//
//   - A case answers within the scope of the agency whose case it is, whoever looks:
//     an agency sees accesses to its LIDs and those of its own applications, the
//     nation all.
//   - What the hub does not know is part of the answer: persons beyond those that a
//     record names, exchanges that do not say whose data they deliver or do not any
//     more, accesses that retention dropped, months whose key is destroyed, records
//     that are not read yet, and journals of other nodes.
//   - The memory of an answer, a file or a match does not grow with the number of
//     accesses, nor, beyond a bound, with that of persons.
//   - Each stage of a term is told once, whichever node does, and none once both
//     have got the notice or the case is closed. The beginning of the term changes
//     with a reason alone, and what it was stays on record.
//   - A list of NIKs is read once, from the request into memory, and is nowhere
//     afterwards: not in a file, not in the database, not in the trail.
//   - Every look, export and match is in the trail, with counts alone.
//   - Retention drops no case that is open or on hold. A hold keeps the case, not the
//     records of access that it asks about: these have a retention of their own.
//
// # What it does not guarantee
//
// A person has another pseudonym each month, so one who was affected in two months
// counts twice. The answer says between which two numbers the truth lies; only
// whoever has the NIKs can tell, by matching their list.
//
// Third-party packages: templ for the screens.
package incident
