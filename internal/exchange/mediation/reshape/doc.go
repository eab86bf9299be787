// Package reshape makes the answers of a service what its contract says, by
// changes that the provider declares as data (simpul.Change): rename a member,
// recode its value, convert its unit, leave it out.
//
// Invariants:
//
//   - Changes are compiled once, when the LID is published.
//   - They are applied while the answer streams. What that needs of memory depends
//     on the limits in limits.go and not on the length of the answer.
//   - What no change names keeps its exact bytes, and members their order.
//   - Numbers are converted in exact decimal arithmetic, and rounded half to even
//     where the provider says to how many places.
//   - Nothing is guessed: a value that cannot be converted, and a member that would
//     get the name of another, end the answer with a fault of the provider that
//     says where; its last bracket is never delivered.
//
// Files: compile.go the tree of changes, recode.go, unit.go, quick.go and
// decimal.go what becomes of one value, walk.go the document token by token, body.go the answer's
// body, fault.go the words.
//
// Third party: github.com/go-json-experiment/json/jsontext, as in mediation.
package reshape
