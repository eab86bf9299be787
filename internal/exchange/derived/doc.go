// Package derived is the room of those who tend what is derived from the journals:
// the index in which exchanges are searched, the counts of usage, the records of
// access. It says how far each is behind the journal that it reads, and has it
// dropped and built anew.
//
// # What it owns
//
// No table: each room keeps its own view, with the positions up to which it has
// read each journal, and offers it here as a [View]. [Service] asks them all,
// [Register] tells programs, and [Pages] show it to operators beside the state of
// the journal.
//
// # Invariants
//
//   - A gateway has a journal of its own, so each view has a position for each
//     journal. Only the process that holds a journal can read it.
//   - Building anew changes no answer: what is dropped comes back from the journal.
//   - Whoever builds anew, and what, is in the trail.
//
// # What it does not guarantee
//
// How far the view of another process is behind is known as of when it was stored
// last. A journal that no process holds any more is read by nobody: building anew
// waits for it.
//
// Third-party packages: templ for the screens.
package derived
